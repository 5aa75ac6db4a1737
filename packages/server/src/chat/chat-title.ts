/** How many others name a chat that has no title. */
export const NAMED = 3

/** What a chat is called: by its title, or by its first members, one more than are named. */
export interface ChatTitle {
  title: string | null
  persons: { id: string; name: string }[]
}

/** For one reader, who is not named. */
export const titleFor = ({ title, persons }: ChatTitle, user: string): string =>
  title ??
  persons
    .filter((person) => person.id !== user)
    .slice(0, NAMED)
    .map(({ name }) => name)
    .join(', ')
