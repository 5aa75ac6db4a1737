import type { Strings } from '../kit/strings.ts'

/** `row`: "5 min. ago". `header`: the day's heading. `time`: "Mon, Nov 30, 9:00 AM". `full`: everything. */
export type DateStyle = 'row' | 'header' | 'time' | 'full'

export interface DateLabelOptions {
  style: DateStyle
  /** The server's time; undefined on the server and in the render that hydrates. */
  nowMs: number | undefined
  /** BCP 47. */
  locale: string
  /** IANA name; the reader's own without it. */
  timeZone?: string | undefined
  strings: Strings
}

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000

/** Below it "1 min. ago" would be wrong by more than it says. */
const JUST_NOW_MS = 45_000

/** Of a time that will come. */
const AHEAD: Intl.DateTimeFormatOptions = {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hour: 'numeric',
  minute: '2-digit',
}

/** Up to six days back a weekday means one day only. */
const DAYS_TOLD = 6

type Reading = Omit<DateLabelOptions, 'style'> & { nowMs: number }

/**
 * A date in words. Empty for what is no date. Without `nowMs` it is the plain date in UTC: time, time zone and the
 * words of `Intl` are not the same on a server and in a browser.
 */
export function dateLabel(date: Date | string | number, { style, nowMs, ...more }: DateLabelOptions): string {
  const at = new Date(date)
  const atMs = at.getTime()
  if (Number.isNaN(atMs)) return ''
  if (nowMs === undefined) return at.toISOString().slice(0, 'yyyy-mm-dd'.length)
  const options = { ...more, nowMs }
  if (style === 'header') return headerLabel(atMs, options)
  if (style === 'row') return rowLabel(atMs, options)
  if (style === 'time') return formatterOf(options, AHEAD).format(atMs)
  return formatterOf(options, { dateStyle: 'full', timeStyle: 'short' }).format(atMs)
}

/** Of what lies ahead by a clock's error, today. */
function headerLabel(atMs: number, { nowMs, locale, timeZone, strings }: Reading): string {
  const today = dayOf(nowMs, timeZone)
  const daysAgo = today - dayOf(atMs, timeZone)
  if (daysAgo <= 0) return strings.today
  if (daysAgo === 1) return strings.yesterday
  return daysAgo <= daysIntoWeek(today, locale) ? strings.thisWeek : strings.earlier
}

function rowLabel(atMs: number, options: Reading): string {
  const { nowMs, locale, timeZone, strings } = options
  const ageMs = nowMs - atMs
  if (ageMs < JUST_NOW_MS) return strings.justNow
  if (ageMs < HOUR_MS) return relative(locale, -Math.max(1, Math.floor(ageMs / MINUTE_MS)), 'minute')
  const daysAgo = dayOf(nowMs, timeZone) - dayOf(atMs, timeZone)
  // The day on which clocks go back has 25 hours.
  if (ageMs < DAY_MS || daysAgo === 0) return relative(locale, -Math.floor(ageMs / HOUR_MS), 'hour')
  if (daysAgo <= DAYS_TOLD) return relative(locale, -daysAgo, 'day')
  const isThisYear = yearOf(dayOf(nowMs, timeZone)) === yearOf(dayOf(atMs, timeZone))
  return formatterOf(options, {
    day: 'numeric',
    month: 'short',
    ...(isThisYear ? {} : { year: 'numeric' }),
  }).format(atMs)
}

const cache = new Map<string, unknown>()

/** Making a formatter costs a hundred times what using it does. */
function cached<T>(key: string, make: () => T): T {
  // Each caller's keys begin with a word of its own, so what is found was made by the same `make`.
  const known = cache.get(key) as T | undefined
  const made = known ?? make()
  cache.set(key, made)
  return made
}

/** Style `short`, never `narrow`: that one is wrong in several languages (ui.md §5). */
function relative(locale: string, value: number, unit: Intl.RelativeTimeFormatUnit): string {
  return cached(
    `relative ${locale}`,
    () => new Intl.RelativeTimeFormat(locale, { style: 'short', numeric: 'auto' }),
  ).format(value, unit)
}

function formatterOf(
  { locale, timeZone }: Pick<Reading, 'locale' | 'timeZone'>,
  format: Intl.DateTimeFormatOptions,
): Intl.DateTimeFormat {
  return cached(
    `date ${locale} ${timeZone} ${JSON.stringify(format)}`,
    () => new Intl.DateTimeFormat(locale, { ...format, timeZone }),
  )
}

/** Within a quarter of an hour no time zone changes day or offset. */
const QUARTER_MS = 900_000

/** Number of the calendar day in a time zone, counted from 1970: days have 23 to 25 hours. */
function dayOf(atMs: number, timeZone: string | undefined): number {
  // A list of a thousand rows asks each time that it changes.
  return cached(`day ${timeZone} ${Math.floor(atMs / QUARTER_MS)}`, () => {
    const parts = formatterOf(
      { locale: 'en', timeZone },
      { year: 'numeric', month: 'numeric', day: 'numeric' },
    ).formatToParts(atMs)
    const part = (type: 'year' | 'month' | 'day') => Number(parts.find((one) => one.type === type)?.value)
    return Date.UTC(part('year'), part('month') - 1, part('day')) / DAY_MS
  })
}

const yearOf = (day: number): number => new Date(day * DAY_MS).getUTCFullYear()

interface WithWeek {
  getWeekInfo?(): { firstDay: number }
  weekInfo?: { firstDay: number }
}

/** 0 on the first day of the locale's week. Browsers that do not know it get Monday, as in ISO 8601. */
function daysIntoWeek(day: number, locale: string): number {
  const firstDay = cached(`week ${locale}`, () => {
    const known: Intl.Locale & WithWeek = new Intl.Locale(locale)
    return (known.getWeekInfo?.() ?? known.weekInfo)?.firstDay ?? 1
  })
  return (new Date(day * DAY_MS).getUTCDay() - firstDay + 7) % 7
}
