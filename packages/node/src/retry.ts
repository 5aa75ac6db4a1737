import { errors, Failure } from '@belfry/protocol'

export type Wait = (ms: number, signal: AbortSignal | undefined) => Promise<void>

export interface RetryPolicy {
  /** How often a call is repeated after its first attempt. */
  retries: number
  /** Whether a repeat does no harm when the first attempt went through: a read, or a write with a key. */
  isRepeatable: boolean
  wait: Wait
  signal: AbortSignal | undefined
}

/** Half a second, one, two …: short enough for a request that somebody waits for, long enough for a restart. */
const FIRST_WAIT_MS = 500
const MAX_BACKOFF_MS = 10_000
/** The longest wait a server of ours asks for (a full disk). Who asks for more is answered by giving up. */
const MAX_WAIT_MS = 30_000

/** Runs `attempt` until it succeeds, fails for good, or the repeats are used up; then with its last failure. */
export async function withRetries<T>(attempt: () => Promise<T>, policy: RetryPolicy): Promise<T> {
  for (let repeated = 0; ; repeated++) {
    try {
      return await attempt()
    } catch (error) {
      const waitMs = repeated < policy.retries ? waitBefore(error, repeated, policy) : undefined
      if (waitMs === undefined) throw error
      await policy.wait(waitMs, policy.signal)
    }
  }
}

/** How long to wait before the next attempt, in milliseconds; undefined when there must be none. */
function waitBefore(error: unknown, repeated: number, policy: RetryPolicy): number | undefined {
  if (!(error instanceof Failure) || !errors[error.code].retry) return undefined
  if (error.code === 'outcome_unknown' && !policy.isRepeatable) return undefined
  const backoffMs = Math.min(MAX_BACKOFF_MS, FIRST_WAIT_MS * 2 ** repeated)
  // Many callers that failed together must not come back together.
  const waitMs = Math.max(error.details.retryAfterMs ?? 0, backoffMs * (0.5 + Math.random() / 2))
  return waitMs > MAX_WAIT_MS ? undefined : waitMs
}
