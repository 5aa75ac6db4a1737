// What the benchmark asks of the load generator's process, as data.

import type { SocketSpec } from '../wire/wire-socket.ts'
import type { LedgerCounts } from './ledger.ts'
import type { Percentiles } from './samples.ts'

/**
 * `closed`: each publisher sends again as soon as it is answered. `lockstep`: the next request leaves when the last one has been
 * delivered to all. A number: that many requests a second, whatever the server does; latency counts from when a request was due.
 */
export type Pace = 'closed' | 'lockstep' | number

export interface Stream {
  /** Raw HTTP requests with the mark's placeholder, taken in turn. Request i is owed to recipient `firstOwner + i`. */
  readonly requests: readonly string[]
  readonly firstOwner: number
  readonly publishers: number
  readonly pace: Pace
  /** Where to, when it is not where the sockets are. */
  readonly port?: number
  /** Ends the stream early, after this many requests. */
  readonly total?: number
}

export interface PublishInput {
  readonly streams: readonly Stream[]
  /** Recipients of each request: 1 is its owner; more are the recipients 0 … width − 1; 0 is nobody, a plain request. */
  readonly width: number
  /** Whether the recipients of an owner's requests are its own: owner × width and the next ones. */
  readonly isGrouped?: boolean
  readonly warmUpMs: number
  readonly windowMs: number
}

export interface StreamReport {
  readonly accepted: number
  readonly failed: number
  readonly firstFailure: string | null
  readonly delivered: number
  /** From when the request was sent (or due) to the frame's arrival. */
  readonly delivery: Percentiles
  /** From when the request was sent (or due) to its answer. */
  readonly request: Percentiles
  /** Lockstep only: mean time from a request to its last frame. */
  readonly fanOutMs: number
}

export interface PublishReport {
  readonly windowMs: number
  readonly streams: readonly StreamReport[]
  readonly serverCore: number
  readonly generatorCore: number
  /** Share of the generator's core that went to other programs. */
  readonly foreignShare: number
}

export interface ConnectInput {
  readonly port: number
  readonly sockets: readonly SocketSpec[]
  /** New connections a second; `null` starts all at once. */
  readonly perS: number | null
}

export interface ConnectReport {
  readonly durationMs: number
  readonly ready: number
  readonly firstFailure: string | null
}

export interface FlapInput {
  /** Connections that end in a minute, one after the other. */
  readonly perMinute: number
  /** How long each stays away. */
  readonly awayMs: number
  readonly warmUpMs: number
  readonly windowMs: number
}

export interface FlapReport {
  /** Changes that were told in the window, one for each who was told. */
  readonly told: number
  /** How many it should have been, had nobody else been away. */
  readonly owed: number
  /** From when a client was back to when it was told to another that its user is there. */
  readonly online: Percentiles
  /** From when a client hung up to when its user was told to be gone. */
  readonly offline: Percentiles
  readonly firstFailure: string | null
}

export interface Commands {
  connect: (input: ConnectInput) => Promise<ConnectReport>
  /** Connections that were closed by the server since they were ready. */
  closed: () => Promise<readonly number[]>
  /** Hangs up on all sockets. */
  disconnect: () => Promise<null>
  /** Connects again, with the cursor that each socket had reached. */
  reconnect: (input: { indexes: readonly number[] | 'all'; perS: number | null }) => Promise<ConnectReport>
  stall: (index: number) => Promise<null>
  resume: (index: number) => Promise<null>
  /** Lets clients go and come back, and watches what the others are told of it. */
  flap: (input: FlapInput) => Promise<FlapReport>
  publish: (input: PublishInput) => Promise<PublishReport>
  /** Waits until everything owed has arrived, or for `withinMs`; then what is missing is lost. */
  settle: (withinMs: number) => Promise<LedgerCounts & { durationMs: number }>
}

export type CommandName = keyof Commands
export type CommandInput<Name extends CommandName> = Parameters<Commands[Name]>[0]
export type CommandReply<Name extends CommandName> = Awaited<ReturnType<Commands[Name]>>
