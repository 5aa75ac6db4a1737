import type { WireFrame } from '@belfry/client'
import { Store } from './store.ts'

export interface WireLine extends WireFrame {
  key: string
  person: string
}

/** A screenful many times over, and little memory. */
const MAX_LINES = 200
/** Frames whose content must not be shown over somebody's shoulder. */
const SECRET: ReadonlySet<string> = new Set(['refreshAuth'])

/** The latest frames of all clients, newest first. */
export class Wire {
  readonly store = new Store<readonly WireLine[]>([])
  #lastKey = 0

  add(person: string, frame: WireFrame): void {
    this.#lastKey += 1
    const payload = SECRET.has(frame.event) ? '(hidden)' : frame.payload
    const line = { ...frame, payload, person, key: String(this.#lastKey) }
    this.store.set([line, ...this.store.getSnapshot()].slice(0, MAX_LINES))
  }
}

/** One line, to search in and to copy. */
export function textOf({ at, person, direction, event, latencyMs, payload }: WireLine): string {
  const took = latencyMs === undefined ? '' : `${Math.round(latencyMs)} ms`
  return [new Date(at).toISOString(), person, direction, event, took, JSON.stringify(payload)]
    .filter((part) => part)
    .join(' ')
}
