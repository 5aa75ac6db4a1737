import type { Counts, Item } from '@belfry/protocol'
import type { ClientFailure } from './client-failure.ts'
import type { ConnStatus } from './connection-states.ts'
import type { OtherEntry } from './inbox.ts'
import type { Transport } from './socket-port.ts'

/** One moment of the store. Never changed in place: what is equal is the same object. */
export interface ClientState {
  status: ConnStatus
  transport: Transport | undefined
  /** Of the last answer, in milliseconds. */
  latencyMs: number | undefined
  /** Attempts that have failed since the last connection that lasted. */
  failures: number
  /** Why there is no connection; undefined while there is one, and before the first attempt has failed. */
  lineError: ClientFailure | undefined
  /** When the next attempt begins, in milliseconds since 1970; undefined when none waits. */
  nextRetryAt: number | undefined
  /** Whether the list is known; until then an empty list means nothing. */
  isReady: boolean
  /** Whether what is shown comes from this device's cache, and the server has not confirmed it. Then it is not empty. */
  isStale: boolean
  /** The newest, newest first, with own changes that are not confirmed yet; `list` reads on from there. */
  items: readonly Item[]
  /** The server's numbers, with own changes that are not confirmed yet. */
  counts: Counts
  /** Why the last change was refused; undefined after the next one that was not. */
  error: ClientFailure | undefined
  /** How many own changes, made over 24 hours ago and never sent, wait for `sendOldChanges` or `dropOldChanges`. */
  oldChanges: number
  /** Server time minus ours, in milliseconds. */
  clockOffsetMs: number
  /** The latest entries of kinds that this version does not show. */
  others: readonly OtherEntry[]
}
