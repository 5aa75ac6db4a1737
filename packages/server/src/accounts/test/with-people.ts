import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { CommandName, Failure } from '@belfry/protocol'
import { pino } from 'pino'
import { afterAll } from 'vitest'
import { type Environment, readConfig } from '../../config.ts'
import type { Actor } from '../../core/actor.ts'
import type { Context } from '../../core/context.ts'
import { createExecute } from '../../core/execute.ts'
import { featureSettings } from '../../feature-settings.ts'
import { openSqliteStore } from '../../store/sqlite/sqlite-store.ts'
import type { LogEntry } from '../../store/store.ts'
import { createPeople } from '../people.ts'

const SECRET = 'a-secret-of-the-tests-of-accounts-0123456789'
export const PASSWORD = 'correct horse battery'
export const ADMIN = { ADMIN_EMAIL: 'Admin@Belfry.test', ADMIN_PASSWORD: 'admin password 1' }
const SYSTEM: Actor = { kind: 'system' }

/** For tests: accounts over a real store in a folder of their own, as one node composes them, without doors. */
export async function withPeople(env: Environment = {}) {
  const dataDir = mkdtempSync(join(tmpdir(), 'belfry-accounts-'))
  const config = readConfig({ JWT_SECRET: SECRET, ...ADMIN, DATA_DIR: dataDir, ...env })
  const file = join(dataDir, 'belfry.db')
  const time = { now: Date.now() }
  const entries: LogEntry[] = []
  const listeners: ((entries: LogEntry[]) => void)[] = []
  const store = await openSqliteStore({
    file,
    worker: new URL('../../store/sqlite/worker.ts', import.meta.url),
    features: new URL('../../features.ts', import.meta.url),
    settings: featureSettings(config),
    onCommitted(committed) {
      entries.push(...committed)
      for (const hear of listeners) hear(committed)
    },
    onError: (error) => process.stderr.write(`${String(error)}\n`),
  })
  const logged: string[] = []
  const log = pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) })
  const context: Context = { config, store, clock: () => time.now, log }
  const people = await createPeople(context)
  const name = 'regular work'
  const claimed = await store.transact('claimLease', SYSTEM, { name, holder: 'the tests' })
  const fence = { name, ...(claimed as { fence: number }) }
  listeners.push((committed) => committed.forEach((entry) => void people.onEntry(entry)))
  const execute = createExecute({
    context,
    procedures: people.procedures,
    ensureUsers: (ids) => people.ensure(ids),
    beforeRead: async () => {},
  })
  afterAll(async () => {
    await store.close()
    rmSync(dataDir, { recursive: true, force: true })
  })

  // Each reply has the shape of its command's row in the protocol; tests read what they assert.
  // biome-ignore lint/suspicious/noExplicitAny: see above
  type Reply = any
  const run = (
    name: CommandName,
    input: unknown = {},
    actor: Actor = { kind: 'nobody' },
    address = '10.0.0.1',
  ) => execute(name, actor, input, { address }) as Promise<Reply>
  let count = 0
  const freshEmail = () => `p-${count++}@example.test`
  const login = async (email: string, password = PASSWORD) => {
    const { token } = await run('login', { email, password }, undefined, `10.1.${count >> 8}.${count & 255}`)
    return { token: String(token), ...(await people.identify(token)) }
  }
  return {
    ...{ config, context, store, people, time, entries, logged, file, run, freshEmail, login },
    onCommitted: (listener: (entries: LogEntry[]) => void) => void listeners.push(listener),
    system: (name: string, input: unknown) => store.transact(name, SYSTEM, input),
    /** What the server does by itself, as the node whose work it is. */
    work: (name: string, input: object) => store.transact(name, SYSTEM, { ...input, fence }),
    /** Makes an account and signs in. */
    async person() {
      const email = freshEmail()
      const address = `10.2.${count >> 8}.${count & 255}`
      const { user } = await run('register', { email, password: PASSWORD }, undefined, address)
      return { id: String(user.id), email, ...(await login(email)) }
    },
    admin: () => login(ADMIN.ADMIN_EMAIL, ADMIN.ADMIN_PASSWORD),
    /** Every row of every table that a refused command must not change. */
    dump() {
      const db = new DatabaseSync(file, { readOnly: true })
      const names = db.prepare(`select name from sqlite_master where type = 'table' order by name`).all()
      const dump = names.map(({ name }) => [name, db.prepare(`select * from "${String(name)}"`).all()])
      db.close()
      return JSON.stringify(dump)
    },
  }
}

/** What a refused promise was refused with. */
export async function refusal(
  work: Promise<unknown>,
): Promise<Pick<Failure, 'code' | 'message' | 'details'>> {
  const error: unknown = await work.then(
    () => new Error('It was not refused.'),
    (thrown: unknown) => thrown,
  )
  if (error instanceof Error && 'code' in error && 'details' in error) return error as Failure
  throw error
}
