import type { CommandName } from '@belfry/protocol'

export interface CallOptions {
  /** Gives up when it is aborted; the call then rejects with its reason. */
  signal?: AbortSignal | undefined
}

/**
 * How commands reach a server.
 *
 * Promise: resolves to the command's reply, or rejects with a `Failure`. Its code says what is known: after
 * `outcome_unknown` the command may have run, after every other code nothing was written. It never repeats a command.
 */
export interface Transport {
  call(name: CommandName, input: Record<string, unknown>, options: CallOptions): Promise<unknown>
}
