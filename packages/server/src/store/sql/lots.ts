import { type RawBuilder, sql } from 'kysely'

/** Users that one statement takes: few enough to cost little when there is one, and the members of most chats. */
const PER_STATEMENT = 64

/** Parameters that name up to so many users. */
export type Lot = Record<`user${number}`, string>

/** Users as parameters of as few statements as it takes. The last one stands in for those that are missing, so that one text fits all. */
export const lotsOf = (users: readonly string[]): Lot[] =>
  Array.from({ length: Math.ceil(users.length / PER_STATEMENT) }, (_, lot) =>
    Object.fromEntries(
      Array.from({ length: PER_STATEMENT }, (_, at) => [
        `user${at}`,
        users[lot * PER_STATEMENT + at] ?? users.at(-1) ?? '',
      ]),
    ),
  )

/** What a statement compares a user with: `where('user_id', 'in', usersIn(p))`. */
export const usersIn = (p: { readonly [K in keyof Lot]: RawBuilder<string> }): RawBuilder<string>[] =>
  Array.from({ length: PER_STATEMENT }, (_, at) => p[`user${at}`] ?? sql<string>`null`)
