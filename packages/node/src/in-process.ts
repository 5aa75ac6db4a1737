import type { CommandName } from '@belfry/protocol'
import type { Transport } from './transport.ts'

/** The part of a server in the same process that is needed here. */
export interface Executor<Actor> {
  execute(name: CommandName, input: unknown, actor?: Actor): Promise<unknown>
}

/**
 * Commands straight into a server that lives in this process: no HTTP and no token, same rules and same replies.
 * @param actor who acts; the server itself when it is left out
 * @example
 * import { createBelfryClient, inProcess } from '@belfry/node'
 * import { createServer } from '@belfry/server'
 *
 * const belfry = await createServer({ DATA_DIR: './data' })
 * const client = createBelfryClient({ transport: inProcess(belfry) })
 */
export function inProcess<Actor>(belfry: Executor<Actor>, actor?: Actor): Transport {
  return {
    call: (name, input) =>
      actor === undefined ? belfry.execute(name, input) : belfry.execute(name, input, actor),
  }
}
