import type { CommandName } from '@belfry/protocol'
import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import type { Store } from '../store/store.ts'
import type { Actor } from './actor.ts'

/** Milliseconds since 1970; tests pass their own. */
export type Clock = () => number

/** What the work outside a transaction may use: everything is passed in, nothing is global. */
export interface Context {
  readonly config: Config
  readonly store: Store
  readonly clock: Clock
  readonly log: Logger
}

/** An open socket, for commands about what is going on now. */
export interface LiveConnection {
  readonly id: string
  /** Whether it follows a cursor, or is told a seed's events. */
  readonly isNative: boolean
  /**
   * Tells this socket something that is kept nowhere. Returns false, with nothing done, while the socket is slow.
   * One object that is told to many sockets is encoded once.
   */
  tell(event: string, payload: object): boolean
  /** Runs once, when the socket has gone. */
  onClosed(work: () => void): void
}

/** Where a request comes from, as the door knows it. */
export interface Origin {
  /** Address of the peer, for limits. */
  readonly address: string
  /** The socket it came through; requests over HTTP have none. */
  readonly connection?: LiveConnection
}

/**
 * A command that needs slow or secret work before its transaction (hashing, signing). All others go straight to the
 * store's handler of the same name.
 */
export type Procedure = (context: Context, actor: Actor, input: never, origin: Origin) => Promise<unknown>
export type Procedures = Partial<Record<CommandName, Procedure>>
