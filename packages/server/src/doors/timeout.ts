import { Failure } from '@belfry/protocol'

/** Source: reliability.md §11. */
const HANDLER_TIMEOUT_MS = 10_000

/** Every client acknowledges its cursor every second, and nothing is waited for: that needs no timer. */
const INSTANT = 'ack'

/**
 * A handler that never ends must not hold up the socket's later events for ever.
 * @throws Failure `outcome_unknown`
 */
export async function withTimeout<T>(event: string, work: Promise<T>): Promise<T> {
  if (event === INSTANT) return work
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Failure('outcome_unknown')), HANDLER_TIMEOUT_MS)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}
