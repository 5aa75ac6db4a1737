import { type ErrorCode, Failure } from '@belfry/protocol'
import type pg from 'pg'
import type { Actor } from '../../core/actor.ts'
import { runOnce } from '../idempotency.ts'
import type { Ids } from '../ids.ts'
import type { Features, LogEntry } from '../store.ts'
import { isAway, isLostRace, isOfSql, several } from './connection.ts'
import { PostgresTx, SentAhead } from './transaction.ts'

export interface Job {
  command: string
  actor: Actor
  input: unknown
  /** Topics that it is likely to write to. */
  keys: string[]
  resolve(reply: unknown): void
  reject(error: unknown): void
}

export type Answer = { reply: unknown } | { error: unknown }

export interface Batch {
  answers: Answer[]
  entries: LogEntry[]
}

/** One command has to be undone and others kept: the same once more, with a savepoint before each. */
export class UndoOne extends Error {}
/** The connection broke while the commit was under way: it may have been made. */
export class CommitUnknown extends Error {}

export interface BatchRun {
  client: pg.Client
  features: Features
  ids: Ids
  /** Whether each command gets a savepoint. */
  isCareful: boolean
}

/**
 * Runs commands in one transaction, in order. What it throws was not kept, except `CommitUnknown`.
 *
 * A serializable transaction sees and does what it would if it ran alone, which is what handlers are written for. Those
 * that want the same topics wait for each other before their snapshot is taken: so they find no race to lose, and ids
 * follow the order of commits.
 */
export async function runBatch(run: BatchRun, jobs: readonly Job[]): Promise<Batch> {
  const { client, isCareful } = run
  const now = await begin(client, jobs)
  const batch: Batch = { answers: [], entries: [] }
  const ahead = new SentAhead()
  for (const job of jobs) {
    if (isCareful) ahead.add(client.query('savepoint command'))
    const tx = new PostgresTx(client, now, { ids: run.ids, ahead })
    const answer = await answerOf(run, tx, { job, ahead })
    batch.answers.push(answer)
    if ('reply' in answer) for (const entry of tx.entries) batch.entries.push(entry)
    if ('reply' in answer && isCareful) ahead.add(client.query('release savepoint command'))
    if ('reply' in answer || !(tx.hasWritten || isOfSql(answer.error))) continue
    if (!isCareful && jobs.length > 1) throw new UndoOne()
    if (isCareful) await client.query('rollback to savepoint command; release savepoint command')
    else await client.query('rollback; begin')
  }
  await commit(client, ahead, jobs.length > 1 && !isCareful)
  return batch
}

/** Locks are waited for one after the other; with the rest it is within the 8 s of reliability.md X12. */
const PATIENT = { query_timeout: 7000 }

async function begin(client: pg.Client, jobs: readonly Job[]): Promise<number> {
  const keys = [...new Set(jobs.flatMap((job) => job.keys))].sort()
  const locks = keys.map(
    (key) => `select pg_advisory_lock(hashtextextended(${client.escapeLiteral(key)}, 0))`,
  )
  const text = [
    ...(locks.length > 0 ? ['begin', ...locks, 'commit'] : []),
    'begin isolation level serializable',
    'select (extract(epoch from clock_timestamp()) * 1000)::bigint as now',
  ].join('; ')
  const results = await several<{ now: number }>(client, text, PATIENT)
  const now = results.at(-1)?.rows[0]?.now
  if (now === undefined) throw new Error('The database has no clock')
  return now
}

async function commit(client: pg.Client, ahead: SentAhead, canUndoOne: boolean): Promise<void> {
  const [sent, committed] = await Promise.allSettled([
    ahead.settle(),
    several(client, 'commit; select pg_advisory_unlock_all()'),
  ])
  if (sent.status === 'rejected' && isOfSql(sent.reason))
    throw canUndoOne && !isLostRace(sent.reason) ? new UndoOne() : sent.reason
  if (committed.status === 'rejected') throw isAway(committed.reason) ? new CommitUnknown() : committed.reason
  // The answer to a commit of what has failed before is no error.
  if (committed.value[0]?.command !== 'COMMIT') throw new Error('The database rolled back')
}

async function answerOf(
  { features, isCareful }: BatchRun,
  tx: PostgresTx,
  { job, ahead }: { job: Job; ahead: SentAhead },
): Promise<Answer> {
  const handler = features.handlers[job.command]
  if (!handler) return { error: new Error(`No handler for ${job.command}`) }
  try {
    const reply = await runOnce(tx, job.actor, job.command, job.input, handler)
    if (isCareful) await ahead.settle()
    return { reply }
  } catch (thrown) {
    const error = await ahead.settle().then(
      () => thrown,
      (earlier) => earlier,
    )
    if (isLostRace(error) || isAway(error)) throw error
    return { error }
  }
}

export const failure = (code: ErrorCode, retryAfterMs?: number): Failure =>
  new Failure(code, retryAfterMs === undefined ? {} : { retryAfterMs })
