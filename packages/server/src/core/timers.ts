import type { Context } from './context.ts'
import type { HeadCheck } from './head-check.ts'
import type { RightsCheck } from './rights-check.ts'
import { WorkLease } from './work-lease.ts'

const SYSTEM = { kind: 'system' } as const
const EXPIRY_MS = 1000
/** What is snoozed returns no later than a second after its time. */
const WAKE_MS = 500
/** How often watermarks that were gathered are looked for. */
const RECEIPTS_MS = 250
/** Where others write, too, and where nobody does. Source: architecture.md §6.4, 1 to 5 s. */
const HEAD_CHECK_MS = { shared: 2000, own: 4000 }
/** Half of it is what a notification waits on average; asking an empty table costs half a millisecond on a busy machine. */
const OUTBOX_MS = 100
const RETENTION_MS = 60_000
/** How often it is looked whose work it is. */
const LEASE_MS = 1000
/** Much less than the hour that a file may outlive its message. */
const MEDIA_SWEEP_MS = 60_000

export interface TimersOptions {
  context: Context
  headCheck: Pick<HeadCheck, 'all'>
  rights: Pick<RightsCheck, 'check'>
  /** Topics that may have outgrown the log's limit; emptied here. */
  longTopics: Set<string>
  /** Removes files that nobody can want any more. */
  sweepMedia(work: Work): Promise<void>
  /** Sends what apps have written in transactions of their own. */
  sendOutbox(work: Work): Promise<void>
}

/** Runs a command that is for one node at a time, as long as it is this one. */
export type Work = (command: string, input: object) => Promise<unknown>

/** The server's own regular work, as ordinary commands. Returns what stops it, and hands it over to another node. */
export function startTimers({
  context,
  headCheck,
  rights,
  longTopics,
  sweepMedia,
  sendOutbox,
}: TimersOptions): () => Promise<void> {
  const { store, config, clock, log } = context
  const lease = new WorkLease({
    ...{ store, name: 'regular work' },
    onError: (error) => log.warn({ err: error }, 'the lease of the regular work'),
  })
  /** Work that is done once, whatever the number of nodes. */
  const once = (doWork: (work: Work) => Promise<unknown>) => () =>
    lease.run((fence) => doWork((command, input) => store.transact(command, SYSTEM, { ...input, fence })))
  const untilDone = async (work: Work, command: string, input: object) => {
    for (let hasMore = true; hasMore; )
      // The handler's reply; the border between threads cannot carry the type.
      ({ hasMore } = (await work(command, input)) as { hasMore: boolean })
  }
  const every = (ms: number, work: () => Promise<unknown>) => {
    let isRunning = false
    return setInterval(async () => {
      if (isRunning) return
      isRunning = true
      await work().catch((error) => {
        // That the store is away is told once, by whoever has noticed.
        if (store.isWritable()) log.warn({ err: error }, 'timer failed')
      })
      isRunning = false
    }, ms).unref()
  }
  const headCheckMs = HEAD_CHECK_MS[store.isShared ? 'shared' : 'own'] * (0.75 + Math.random() / 2)
  const timers = [
    every(LEASE_MS, () => lease.tick()),
    every(
      EXPIRY_MS,
      once((work) => work('expireItems', {})),
    ),
    every(
      WAKE_MS,
      once((work) => untilDone(work, 'wakeItems', {})),
    ),
    every(
      RECEIPTS_MS,
      once((work) => work('tellReceipts', {})),
    ),
    every(headCheckMs, () => headCheck.all()),
    every(MEDIA_SWEEP_MS, once(sweepMedia)),
    // Nobody else can write to a store that is ours alone, and what one process commits, it hears.
    ...(store.isShared ? [every(headCheckMs, () => rights.check()), every(OUTBOX_MS, once(sendOutbox))] : []),
    every(
      RETENTION_MS,
      once(async (work) => {
        await work('forgetSessions', {})
        const { chatRetentionMs } = config
        if (chatRetentionMs !== undefined)
          await untilDone(work, 'trimMessages', { before: clock() - chatRetentionMs })
      }),
    ),
    // Each node has its own; what one has trimmed, another finds trimmed.
    every(RETENTION_MS, () => {
      const { idempotencyMs, maxTopicEntries } = config
      const topics = [...longTopics]
      longTopics.clear()
      return store.transact('retain', SYSTEM, { idempotencyMs, maxTopicEntries, topics })
    }),
  ]
  void lease.tick()
  return () => {
    for (const timer of timers) clearInterval(timer)
    return lease.release()
  }
}
