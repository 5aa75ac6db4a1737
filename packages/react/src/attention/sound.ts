import type { MakePart } from '../kit/kit-parts.ts'
import { Store } from '../ui/store.ts'
import { type DeviceStorage, deviceStorage } from './device-storage.ts'
import { type SoundState, UNTOUCHED } from './sound-state.ts'
import { openSpeaker, type Speaker } from './speaker.ts'

const KEY = 'belfry:sound'
/** Source: ui.md §3. */
const MIN_INTERVAL_MS = 3_000

export interface SoundOptions {
  /** Address of the sound of all types that have none of their own; without it, ours. */
  src?: string | undefined
  /** 0 to 1, until somebody chooses another one. Default 0.5. */
  volume?: number | undefined
  /** Least time between two sounds. Default 3,000 ms. */
  minIntervalMs?: number | undefined
}

/** What it touches; a test passes its own. */
export interface SoundSurroundings {
  openSpeaker(): Speaker | undefined
  /** Calls for each click, tap and key that lets a browser play; answers what stops it. */
  watchGestures(listener: () => void): () => void
  storage: DeviceStorage | undefined
  now(): number
}

/** The sound of a new notification: silent until a gesture allows it, never twice in a row. */
export class Sound {
  readonly store: Store<SoundState>
  readonly #surroundings: SoundSurroundings
  #minIntervalMs = MIN_INTERVAL_MS
  #src: string | undefined
  #speaker: Speaker | undefined
  #unwatch = (): void => undefined
  #lastAtMs = Number.NEGATIVE_INFINITY

  constructor(surroundings: SoundSurroundings = systemSurroundings) {
    this.#surroundings = surroundings
    this.store = new Store(UNTOUCHED)
  }

  /** Waits for a gesture; only in a browser. */
  open(): void {
    this.close()
    this.#load()
    this.#unwatch = this.#surroundings.watchGestures(() => this.#unlock())
  }

  close(): void {
    this.#unwatch()
    this.#speaker?.close()
    this.#speaker = undefined
    this.store.change({ unlocked: false })
  }

  configure({ src, volume, minIntervalMs = MIN_INTERVAL_MS }: SoundOptions): void {
    this.#src = src
    this.#minIntervalMs = minIntervalMs
    if (volume !== undefined) this.store.change({ volume })
    this.#load()
  }

  readonly setEnabled = (enabled: boolean): void => {
    this.#save({ enabled })
    // This is the gesture, and it came before there was anything to unlock.
    if (enabled) this.#unlock()
  }

  readonly setVolume = (volume: number): void => this.#save({ volume: Math.min(Math.max(volume, 0), 1) })

  readonly setOnlyUnfocused = (onlyUnfocused: boolean): void => this.#save({ onlyUnfocused })

  /** Whether `play` would ring now. */
  isReady(): boolean {
    // Another tab may have turned it off.
    this.#load()
    const isRunning = this.#speaker?.isRunning() ?? false
    this.store.change({ unlocked: isRunning })
    const isDue = this.#surroundings.now() - this.#lastAtMs >= this.#minIntervalMs
    return isRunning && isDue && this.store.read().enabled
  }

  /**
   * Rings, unless it is off, locked, or has just rung. Answers whether it did.
   * @param tone Half tones above the usual sound, or the address of another one
   */
  readonly play = (tone: number | string = this.#src ?? 0): boolean => {
    if (!this.isReady()) return false
    this.#lastAtMs = this.#surroundings.now()
    this.#speaker?.ring(this.store.read().volume, tone)
    return true
  }

  #unlock(): void {
    if (!this.store.read().enabled || this.#speaker?.isRunning()) return
    this.#speaker ??= this.#surroundings.openSpeaker()
    const speaker = this.#speaker
    speaker?.resume().then(
      () => {
        if (speaker === this.#speaker) this.store.change({ unlocked: speaker.isRunning() })
      },
      // The next gesture tries again.
      () => undefined,
    )
  }

  #load(): void {
    const { enabled, volume, onlyUnfocused } = this.#saved()
    this.store.change({
      ...(typeof enabled === 'boolean' ? { enabled } : {}),
      ...(typeof volume === 'number' ? { volume } : {}),
      ...(typeof onlyUnfocused === 'boolean' ? { onlyUnfocused } : {}),
    })
  }

  #save(patch: Partial<SoundState>): void {
    this.store.change(patch)
    try {
      this.#surroundings.storage?.setItem(KEY, JSON.stringify({ ...this.#saved(), ...patch }))
    } catch {
      // Full: it holds for this page.
    }
  }

  #saved(): Record<string, unknown> {
    try {
      const saved: unknown = JSON.parse(this.#surroundings.storage?.getItem(KEY) ?? '{}')
      return typeof saved === 'object' && saved !== null ? { ...saved } : {}
    } catch {
      return {}
    }
  }
}

const systemSurroundings: SoundSurroundings = {
  openSpeaker,
  watchGestures(listener) {
    const controller = new AbortController()
    const options = { capture: true, signal: controller.signal }
    // Browsers do not count Escape as a wish to use the page.
    const hear = (event: Event) => {
      if (!(event instanceof KeyboardEvent && event.key === 'Escape')) listener()
    }
    for (const name of ['click', 'pointerup', 'keydown']) document.addEventListener(name, hear, options)
    return () => controller.abort()
  },
  get storage() {
    return deviceStorage()
  },
  now: () => Date.now(),
}

/** The sound of a provider. */
export const soundOf: MakePart<Sound> = () => new Sound()
