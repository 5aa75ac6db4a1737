import type { Member } from '@belfry/protocol'

const MENTION_ALL = '@all'

/** What stands between an `@` and the caret; undefined outside of a name. */
export function mentionAt(text: string, caret: number): string | undefined {
  return /(?:^|\s)@(\S{0,40})$/u.exec(text.slice(0, caret))?.[1]
}

/** Members whose name or id begins like what was typed. */
export function mentionable(
  members: readonly Member[],
  typed: string,
  userId: string | undefined,
): readonly Member[] {
  const start = typed.toLocaleLowerCase()
  return members
    .filter((member) => member.userId !== userId && member.leftAt === undefined)
    .filter(
      ({ name, userId: id }) =>
        name.toLocaleLowerCase().startsWith(start) || id.toLocaleLowerCase().startsWith(start),
    )
    .slice(0, 8)
}

/** Puts a name in place of what was typed, and tells where the caret goes. */
export function withMention(text: string, caret: number, name: string): { text: string; caret: number } {
  const before = text.slice(0, caret).replace(/@\S{0,40}$/u, `@${name} `)
  return { text: before + text.slice(caret), caret: before.length }
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** Ids of everyone whom the text names. */
export function mentionsIn(text: string, members: readonly Member[]): string[] {
  const isNamed = (name: string) => new RegExp(`(^|\\s)@${escaped(name)}(?![\\p{L}\\p{N}])`, 'u').test(text)
  const ids = members.filter(({ name }) => isNamed(name)).map(({ userId }) => userId)
  return isNamed('all') ? [MENTION_ALL, ...ids] : ids
}
