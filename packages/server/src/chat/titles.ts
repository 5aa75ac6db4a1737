import type { ChatRow } from '../store/sql/chat-schema.ts'
import type { Reader } from '../store/store.ts'
import { firstMembers } from './chat-statements.ts'
import { type ChatTitle, NAMED, titleFor } from './chat-title.ts'
import { personsOf } from './persons.ts'

export async function titleOf(
  reader: Reader,
  { id, title }: Pick<ChatRow, 'id' | 'title'>,
): Promise<ChatTitle> {
  if (title !== null) return { title, persons: [] }
  const members = (await reader.all(firstMembers, { chat: id })).slice(0, NAMED + 1)
  const persons = await personsOf(
    reader,
    members.map(({ user_id }) => user_id),
  )
  return { title, persons: [...persons.values()].map(({ id: person, name }) => ({ id: person, name })) }
}

/** What a chat is called for a reader: its title, or in its place the names of the others. */
export async function titlesOf(reader: Reader, chat: ChatRow): Promise<(user: string) => string> {
  const title = await titleOf(reader, chat)
  return (user) => titleFor(title, user)
}
