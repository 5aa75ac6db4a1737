import { type CommandName, type ErrorCode, errors, Failure, type FailureDetails } from '@belfry/protocol'
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
    async call(name, input) {
      try {
        return await (actor === undefined ? belfry.execute(name, input) : belfry.execute(name, input, actor))
      } catch (error) {
        throw toOwnFailure(error)
      }
    },
  }
}

/** A built server carries a copy of the class `Failure`, which is not the one that callers here compare with. */
function toOwnFailure(error: unknown): unknown {
  if (error instanceof Failure || !(error instanceof Error) || error.name !== 'Failure') return error
  const { code, details } = error as Error & { code?: unknown; details?: FailureDetails }
  if (typeof code !== 'string' || !Object.hasOwn(errors, code)) return error
  const failure = new Failure(code as ErrorCode, { ...details, message: error.message })
  failure.cause = error
  return failure
}
