import { Failure } from '@belfry/protocol'

/** Source: reliability.md §11. */
const HANDLER_TIMEOUT_MS = 10_000

/**
 * A handler that never ends must not hold up the socket's later events for ever.
 * @throws Failure `outcome_unknown`
 */
export async function withTimeout<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Failure('outcome_unknown')), HANDLER_TIMEOUT_MS)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}
