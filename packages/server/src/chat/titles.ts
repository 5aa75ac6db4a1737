import type { ChatRow } from '../store/sql/chat-schema.ts'
import type { Reader } from '../store/store.ts'
import { firstMembers } from './chat-statements.ts'
import { personsOf } from './persons.ts'

/** How many others name a chat that has no title. */
const NAMED = 3

/** What a chat is called for a reader: its title, or in its place the names of the others. */
export async function titlesOf(reader: Reader, { id, title }: ChatRow): Promise<(user: string) => string> {
  if (title !== null) return () => title
  const members = (await reader.all(firstMembers, { chat: id })).slice(0, NAMED + 1)
  const persons = await personsOf(
    reader,
    members.map(({ user_id }) => user_id),
  )
  return (user) =>
    [...persons.values()]
      .filter((person) => person.id !== user)
      .slice(0, NAMED)
      .map(({ name }) => name)
      .join(', ')
}
