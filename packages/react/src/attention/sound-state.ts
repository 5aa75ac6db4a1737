export interface SoundState {
  readonly enabled: boolean
  /** Whether a click, a tap or a key has let the browser play. */
  readonly unlocked: boolean
  /** 0 to 1. */
  readonly volume: number
  /** Silent while this tab is focused. */
  readonly onlyUnfocused: boolean
}

/** Before somebody has chosen anything. Source of the volume: ui.md §3. */
export const UNTOUCHED: SoundState = { enabled: true, unlocked: false, volume: 0.5, onlyUnfocused: false }
