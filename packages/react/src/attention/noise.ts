/** Source: ui.md §5, Who makes noise. */
export const MAX_AGE_MS = 10_000

export interface Situation {
  /** This tab. */
  readonly isFocused: boolean
  /** Some tab of this device. */
  readonly isAnyFocused: boolean
  readonly isLeader: boolean
  /** Since the item was made, in milliseconds. */
  readonly ageMs: number
  /** Muted, quiet hours, do not disturb, or its chat is on screen. */
  readonly isQuiet: boolean
}

export interface Noise {
  readonly toast: boolean
  readonly sound: boolean
  /** A notification of the operating system. */
  readonly os: boolean
}

const NONE: Noise = { toast: false, sound: false, os: false }

/** What this tab does about a new item: the table of ui.md §5. */
export function noiseOf({ isFocused, isAnyFocused, isLeader, ageMs, isQuiet }: Situation): Noise {
  if (isQuiet || ageMs > MAX_AGE_MS) return NONE
  if (isFocused) return { toast: true, sound: true, os: false }
  return isLeader && !isAnyFocused ? { toast: false, sound: true, os: true } : NONE
}
