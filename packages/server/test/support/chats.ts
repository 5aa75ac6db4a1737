/** Chats as people use them over HTTP. */
import type { Chat, Message } from '@belfry/protocol'
import type { Fields, Person, Reply } from '@belfry/testkit'
import { expectSuccess } from './expect.ts'

/** Makes a chat; of a pair it may be there already. */
export async function newChat(person: Person, memberIds: string[], more: Fields = {}): Promise<Chat> {
  const reply = await person.http.post<{ chat: Chat }>('/api/chats', { memberIds, ...more })
  return expectSuccess(reply, reply.status === 200 ? 200 : 201).chat
}

export interface Posted {
  message: Message
  duplicate: boolean
  policyNotice?: string
}

export const post = (
  person: Person,
  chatId: string,
  content: string,
  more: Fields = {},
): Promise<Reply<Posted>> => person.http.post(`/api/chats/${chatId}/messages`, { content, ...more })

/** Posts and gives the message; fails when it is refused. */
export const say = async (
  person: Person,
  chatId: string,
  content: string,
  more: Fields = {},
): Promise<Message> => expectSuccess(await post(person, chatId, content, more), 201).message

export async function textsOf(person: Person, chatId: string): Promise<string[]> {
  const reply = await person.http.get<{ messages: Message[] }>(`/api/chats/${chatId}/messages`)
  return expectSuccess(reply).messages.map(({ content }) => content)
}
