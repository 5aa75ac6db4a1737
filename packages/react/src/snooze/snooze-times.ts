/** Hours of the day at which what was put off returns. Source: ui.md §2. */
const MORNING = 9
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const MONDAY = 1

export type SnoozeName = 'hour' | 'tomorrow' | 'monday'

/** When each choice would bring something back, in milliseconds since 1970; without those that say the same as another. */
export function snoozeTimes(
  nowMs: number,
  timeZone: string | undefined,
): readonly (readonly [SnoozeName, number])[] {
  const today = Math.floor(wallOf(nowMs, timeZone) / DAY_MS)
  const weekday = new Date(today * DAY_MS).getUTCDay()
  const morningIn = (days: number) => atWall((today + days) * DAY_MS + MORNING * HOUR_MS, timeZone)
  const toMonday = (MONDAY - weekday + 7) % 7 || 7
  return [
    ['hour', nowMs + HOUR_MS],
    ['tomorrow', morningIn(1)],
    ...(toMonday > 1 ? [['monday', morningIn(toMonday)] as const] : []),
  ]
}

/** As an `<input type="datetime-local">` has it: what clocks on the wall show, to the minute. */
export const toField = (ms: number, timeZone: string | undefined): string =>
  new Date(wallOf(ms, timeZone)).toISOString().slice(0, 'yyyy-mm-ddThh:mm'.length)

/** NaN for what is no time. */
export const fromField = (value: string, timeZone: string | undefined): number =>
  atWall(Date.parse(`${value}Z`), timeZone)

const formatters = new Map<string | undefined, Intl.DateTimeFormat>()

/** What clocks on the wall show then, as if it were UTC. */
function wallOf(ms: number, timeZone: string | undefined): number {
  const formatter =
    formatters.get(timeZone) ??
    new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium', timeZone })
  formatters.set(timeZone, formatter)
  // Swedish dates are written as ISO 8601 has them.
  return Date.parse(`${formatter.format(ms).replace(' ', 'T')}Z`)
}

/** When clocks on the wall show it; an hour that they skip is the one after. */
function atWall(wall: number, timeZone: string | undefined): number {
  if (Number.isNaN(wall)) return wall
  const offsetAt = (ms: number) => wallOf(ms, timeZone) - ms
  const guess = wall - offsetAt(wall)
  const better = wall - offsetAt(guess)
  return offsetAt(better) === offsetAt(guess) ? better : Math.max(guess, better)
}
