/** Load for fault tests: several senders at once, every operation logged, until it is stopped. */
import {
  attempt,
  type BelfryServer,
  delay,
  findAll,
  type History,
  type HttpClient,
  integrityOf,
  listAll,
  type Person,
  type Random,
  resolveUnknown,
  unread,
} from '@belfry/testkit'
import { expect } from 'vitest'

export interface Load {
  /** Ends the load; operations in flight end as they end. */
  stop(): Promise<void>
}

export interface LoadOptions {
  history: History
  client: HttpClient
  recipients: readonly Person[]
  random: Random
  parallel?: number
  /** So many a second, as long as `parallel` senders can; without it, as many as they can. */
  perSecond?: number
}

/** Sends to random recipients as fast as `parallel` senders can, each operation in the history log. */
export function startLoad(options: LoadOptions): Load {
  const { history, client, recipients, random, parallel = 4, perSecond } = options
  let isStopped = false
  let due = performance.now()
  const turn = async () => {
    if (perSecond === undefined) return
    due += 1000 / perSecond
    await delay(Math.max(0, due - performance.now()))
  }
  const worker = async () => {
    while (!isStopped) {
      await turn()
      const { id } = random.pick(recipients)
      await attempt(history, client, history.invoke([id], { audience: { user: id } }))
    }
  }
  const workers = Array.from({ length: parallel }, worker)
  return {
    stop: async () => {
      isStopped = true
      await Promise.all(workers)
    },
  }
}

export interface CheckOptions {
  server: BelfryServer
  history: History
  sender: Person
  recipients: readonly Person[]
  random: Random
}

/** What the recipients have now, against the log. */
export async function findProblems(history: History, recipients: readonly Person[]): Promise<string[]> {
  const problems: string[] = []
  for (const person of recipients) {
    const reading = { userId: person.id, list: await listAll(person), unread: await unread(person) }
    problems.push(...findAll(history, reading))
  }
  return problems
}

/** reliability.md §6.2: reads first, only then replays the open keys in shuffled order, and reads again. */
export async function expectNothingLost(options: CheckOptions): Promise<void> {
  const { server, history, sender, recipients, random } = options
  expect(await findProblems(history, recipients)).toEqual([])
  if (server.env.DATABASE_URL === undefined) expect(integrityOf(server.dataDir)).toBe('ok')
  expect(await resolveUnknown(history, sender, random)).toEqual([])
  expect(await findProblems(history, recipients)).toEqual([])
}
