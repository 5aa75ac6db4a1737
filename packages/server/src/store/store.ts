import type { Entry } from '@belfry/protocol'
import type { Compilable } from 'kysely'
import type { Actor } from '../core/actor.ts'
import type { Builder, Statement } from './sql/statement.ts'

/**
 * Where everything durable is kept.
 *
 * Promises: `transact` runs one handler atomically and resolves only after the commit is on stable storage, or
 * rejects with a `Failure`: whatever the code, except `outcome_unknown`, nothing was written. Entries of one topic
 * have offsets without holes, in commit order; `onCommitted` sees every entry exactly once, in that order, before the
 * caller's promise resolves. `read` sees one snapshot that contains every commit resolved before the call.
 */
export interface Store {
  readonly epoch: string
  /** Whether other processes may write to it, too. */
  readonly isShared: boolean
  transact(command: string, actor: Actor, input: unknown): Promise<unknown>
  read(query: string, input: unknown): Promise<unknown>
  /** Whether writes are taken at the moment. */
  isWritable(): boolean
  stats(): StoreStats
  close(): Promise<void>
}

export interface StoreStats {
  /** Commands waiting for a commit. */
  queued: number
  commits: number
  commands: number
  /** Batches that ran again, since another had changed what they had read. */
  retries: number
}

/** An entry as the log keeps it: with the users of the audience for whom it is not. */
export type LogEntry = Entry & { except?: string[] }

export interface StoreEvents {
  /** Called with the entries of one commit, in order. Must not throw. */
  onCommitted(entries: LogEntry[]): void
  onError(error: unknown): void
}

/** Statements inside one transaction or snapshot. All of them may be awaited; SQLite answers at once. */
export interface Reader {
  /** Time of the transaction, milliseconds since 1970. */
  readonly now: number
  get<P, R>(statement: Statement<P, R>, params: P): Promise<R | undefined>
  all<P, R>(statement: Statement<P, R>, params: P): Promise<R[]>
  /** For queries whose shape depends on the input, such as filters. */
  query<R>(build: (db: Builder) => Compilable<R>): Promise<R[]>
}

export interface Tx extends Reader {
  /** Runs a statement that returns nothing; resolves to the number of changed rows. */
  run<P, R>(statement: Statement<P, R>, params: P): Promise<number>
  /**
   * The same where the number is not wanted: a store behind a wire sends it ahead of the next statement and waits for
   * nothing. It takes effect in order; when it fails, the command fails.
   */
  write<P, R>(statement: Statement<P, R>, params: P): void
  /** An id that sorts after every id this store has given, whatever the clock does. */
  newId(): string
  /** Hands an entry that was written in this transaction to the topic's hearers but `except`, after the commit. */
  publish(entry: Entry, except?: string[]): void
}

/** A command's effect. Throws `Failure` to refuse: then nothing of it is kept. */
export type Handler<I = never, R = unknown> = (tx: Tx, actor: Actor, input: I) => Promise<R>
export type Query<I = never, R = unknown> = (reader: Reader, input: I) => Promise<R>

/** What a store runs: handlers by command name, queries by name. */
export interface Features {
  handlers: Record<string, Handler>
  queries: Record<string, Query>
}

/** What exports the features; each store loads it where its transactions run. */
export interface FeatureModule {
  features: Features
  /** Called once with the store's settings before any work; what it throws keeps the store from opening. */
  prepare?(settings: unknown): Promise<void>
}
