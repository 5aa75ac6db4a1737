import type { Actor } from './actor.ts'

/** Who somebody proved to be, and until when, in milliseconds since 1970; no end: a key, or open mode. */
export interface Identity {
  actor: Actor
  expiresAtMs: number | undefined
}
