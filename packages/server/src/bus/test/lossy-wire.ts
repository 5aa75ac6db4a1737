import type { Draw } from '../../test/random.ts'

export interface Weather {
  /** Shares of messages, from 0 to 1. */
  lost: number
  repeated: number
  /** How late a message may be, which also reorders. */
  lateMs: number
}

export const CALM: Weather = { lost: 0, repeated: 0, lateMs: 0 }

/** Carries messages between nodes of one process, and keeps no promise: it drops, repeats and reorders. */
export class LossyWire {
  weather: Weather = CALM
  readonly #draw: Draw
  readonly #listeners = new Map<string, (message: unknown, now: number) => void>()
  #flying: { at: number; to: string; text: string }[] = []
  sent = 0

  constructor(draw: Draw) {
    this.#draw = draw
  }

  join(node: string, listener: (message: unknown, now: number) => void): void {
    this.#listeners.set(node, listener)
  }

  leave(node: string): void {
    this.#listeners.delete(node)
  }

  /** As it goes over a wire: as text. */
  send(message: unknown, now: number): void {
    this.sent += 1
    const { lost, repeated, lateMs } = this.weather
    for (const to of this.#listeners.keys()) {
      if (this.#draw.chance(lost)) continue
      const times = this.#draw.chance(repeated) ? 2 : 1
      for (let time = 0; time < times; time++)
        this.#flying.push({ at: now + this.#draw.int(0, lateMs), to, text: JSON.stringify(message) })
    }
  }

  /** Brings what is due by now. */
  deliver(now: number): void {
    const due = this.#flying.filter(({ at }) => at <= now).sort((a, b) => a.at - b.at)
    this.#flying = this.#flying.filter(({ at }) => at > now)
    for (const { to, text } of due) this.#listeners.get(to)?.(JSON.parse(text), now)
  }
}
