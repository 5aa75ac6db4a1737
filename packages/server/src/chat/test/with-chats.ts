import type { Chat, Message } from '@belfry/protocol'
import { withPeople } from '../../accounts/test/with-people.ts'
import type { Actor } from '../../core/actor.ts'

/** For tests: people over a real store, and the shortest words for what they do in chats. */
export async function withChats() {
  const open = await withPeople({ RATE_LIMIT: 'off' })
  const { run } = open
  return {
    ...open,
    chatOf: async (actor: Actor, memberIds: string[], more: object = {}): Promise<Chat> =>
      (await run('createChat', { memberIds, ...more }, actor)).chat,
    say: async (actor: Actor, chatId: string, content: string, more: object = {}): Promise<Message> =>
      (await run('postMessage', { chatId, content, ...more }, actor)).message,
    texts: async (actor: Actor, chatId: string, more: object = {}): Promise<string[]> => {
      const { messages } = await run('listMessages', { chatId, ...more }, actor)
      return messages.map(({ content }: Message) => content)
    },
    unread: async (actor: Actor, id: string): Promise<number> => {
      const { chat } = await run('openChat', { chatId: id }, actor)
      return chat.unread
    },
  }
}
