import type { Chat, Message } from '@belfry/protocol'
import type { ChatStrings } from './strings.ts'

type Named = Pick<Chat, 'id' | 'title' | 'displayTitle'>

/** What a chat is called. */
export const titleOf = (chat: Named | undefined): string =>
  (chat?.title ?? chat?.displayTitle) || chat?.id || ''

/** The other one of a direct chat. */
export function otherOf(
  chat: Pick<Chat, 'type' | 'memberIds'> | undefined,
  userId: string | undefined,
): string | undefined {
  return chat?.type === 'direct' ? chat.memberIds.find((id) => id !== userId) : undefined
}

/** One line that stands for a message. */
export function previewOf(
  message: Pick<Message, 'content' | 'media' | 'deletedAt'>,
  strings: ChatStrings,
): string {
  if (message.deletedAt !== undefined) return strings.deleted
  if (message.content.trim() !== '') return message.content
  return message.media[0]?.kind === 'image' ? strings.image : (message.media[0]?.name ?? strings.file)
}
