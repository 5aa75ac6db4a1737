import type { Context } from './context.ts'
import type { HeadCheck } from './head-check.ts'

const SYSTEM = { kind: 'system' } as const
const EXPIRY_MS = 1000
/** How often watermarks that were gathered are looked for. */
const RECEIPTS_MS = 250
/** Source: architecture.md §6.4. */
const HEAD_CHECK_MS = 2000
const RETENTION_MS = 60_000
/** Much less than the hour that a file may outlive its message. */
const MEDIA_SWEEP_MS = 60_000

export interface TimersOptions {
  context: Context
  headCheck: Pick<HeadCheck, 'all'>
  /** Topics that may have outgrown the log's limit; emptied here. */
  longTopics: Set<string>
  /** Removes files that nobody can want any more. */
  sweepMedia(): Promise<void>
}

/** The server's own regular work, as ordinary commands. Returns what stops it. */
export function startTimers({ context, headCheck, longTopics, sweepMedia }: TimersOptions): () => void {
  const { store, config, clock, log } = context
  const trimMessages = async (before: number) => {
    for (let hasMore = true; hasMore; )
      // The handler's reply; the border between threads cannot carry the type.
      ({ hasMore } = (await store.transact('trimMessages', SYSTEM, { before })) as { hasMore: boolean })
  }
  const every = (ms: number, work: () => Promise<unknown>) => {
    let isRunning = false
    return setInterval(async () => {
      if (isRunning) return
      isRunning = true
      await work().catch((error) => log.warn({ err: error }, 'timer failed'))
      isRunning = false
    }, ms).unref()
  }
  const timers = [
    every(EXPIRY_MS, () => store.transact('expireItems', SYSTEM, {})),
    every(RECEIPTS_MS, () => store.transact('tellReceipts', SYSTEM, {})),
    every(HEAD_CHECK_MS * (0.75 + Math.random() / 2), () => headCheck.all()),
    every(MEDIA_SWEEP_MS, sweepMedia),
    every(RETENTION_MS, async () => {
      await store.transact('forgetSessions', SYSTEM, {})
      const { idempotencyMs, maxTopicEntries, chatRetentionMs } = config
      if (chatRetentionMs !== undefined) await trimMessages(clock() - chatRetentionMs)
      const topics = [...longTopics]
      longTopics.clear()
      return store.transact('retain', SYSTEM, { idempotencyMs, maxTopicEntries, topics })
    }),
  ]
  return () => {
    for (const timer of timers) clearInterval(timer)
  }
}
