import type { FailureShape } from '@belfry/protocol'
import type { Actor } from '../../core/actor.ts'
import type { LogEntry } from '../store.ts'

/**
 * What crosses the border between the main thread and the thread that owns the database: as JSON text, one message per
 * turn of the event loop, since each message wakes a thread.
 */
export type Job =
  | { id: number; kind: 'transact'; name: string; actor: Actor; input: unknown }
  | { id: number; kind: 'read'; name: string; input: unknown }
  | { id: number; kind: 'close' }

/** Answer to one job; `failure` for expected refusals, `error` for everything else. */
export interface Result {
  id: number
  reply?: unknown
  failure?: FailureShape
  error?: { message: string; stack?: string | undefined }
}

/** Everything that one commit, or one round of reads, answers. */
export interface Round {
  kind: 'round'
  results: Result[]
  entries: LogEntry[]
  /** Commands that shared this commit; 0 for reads alone. */
  committed: number
  isWritable: boolean
}

export type WorkerMessage = { kind: 'ready'; epoch: string } | { kind: 'fatal'; message: string } | Round

export interface WorkerSettings {
  file: string
  readOnly: boolean
  /** URL of the module that exports `features`, and perhaps `prepare`. */
  features: string
  /** What `prepare` is given. */
  settings?: unknown
}
