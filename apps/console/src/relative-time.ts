const STEPS: readonly [limitS: number, sizeS: number, unit: Intl.RelativeTimeFormatUnit][] = [
  [3_600, 60, 'minute'],
  [86_400, 3_600, 'hour'],
  [604_800, 86_400, 'day'],
  [Number.POSITIVE_INFINITY, 604_800, 'week'],
]

const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'short' })
const absolute = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' })

/** "now", "5 min. ago". Both in milliseconds since 1970; what lies ahead by a clock's error is now. */
export function relativeTime(atMs: number, nowMs: number): string {
  const seconds = Math.max(0, (nowMs - atMs) / 1000)
  if (seconds < 45) return relative.format(0, 'second')
  for (const [limitS, sizeS, unit] of STEPS) {
    if (seconds < limitS) return relative.format(-Math.max(1, Math.round(seconds / sizeS)), unit)
  }
  return absoluteTime(atMs)
}

export function absoluteTime(atMs: number): string {
  return absolute.format(atMs)
}
