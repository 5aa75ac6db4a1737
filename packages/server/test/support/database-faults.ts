/** X11, X12: the database of a node stops, dies, restarts or freezes under load. */
import {
  admin,
  attempt,
  type BelfryServer,
  delay,
  eventually,
  History,
  type Person,
  type Random,
  register,
  seeded,
  startServer,
} from '@belfry/testkit'
import { type PostgresService, startPostgres } from '@belfry/testkit/services'
import { expect } from 'vitest'
import { expectNothingLost, startLoad } from './load.ts'

/** Source: reliability.md X11. */
const BACK_WITHIN_MS = 5000
/** Source: reliability.md X12. */
const REFUSED_WITHIN_MS = 8000

interface Scene {
  database: PostgresService
  server: BelfryServer
  sender: Person
  recipients: Person[]
  history: History
  random: Random
}

async function withDatabase(name: string, work: (scene: Scene) => Promise<void>): Promise<void> {
  const database = await startPostgres()
  try {
    const server = await startServer({ env: { DATABASE_URL: database.createDatabase() } })
    try {
      const sender = await admin(server)
      const recipients = await Promise.all([register(server), register(server), register(server)])
      await work({ database, server, sender, recipients, history: new History(), random: seeded(name) })
    } finally {
      await server.close()
    }
  } finally {
    await database.close()
  }
}

/** Takes commands again, so soon after the database does. */
async function expectBack({ server, sender, recipients, history }: Scene): Promise<void> {
  const [{ id } = { id: '' }] = recipients
  const takesIt = async () => {
    const operation = history.invoke([id], { audience: { user: id } })
    await attempt(history, sender.http, operation)
    return operation.outcome === 'ok'
  }
  await eventually('commands are taken again', takesIt, BACK_WITHIN_MS)
  expect(server.isAlive).toBe(true)
}

/** The process stays the same: nothing is restarted but the database. */
export async function stopDatabaseUnderLoad(rounds: number): Promise<void> {
  await withDatabase(`${rounds} ends of the database`, async (scene) => {
    const { database, server, sender, recipients, history, random } = scene
    const { pid } = server
    for (let round = 0; round < rounds; round++) {
      const load = startLoad({ history, client: sender.http, recipients, random })
      await delay(random.int(50, 400))
      // Immediate shutdown, orderly shutdown, and death.
      await database.stop(random.pick(['SIGQUIT', 'SIGINT', 'SIGKILL'] as const))
      await delay(random.int(50, 400))
      await load.stop()
      await database.start()
      await expectBack(scene)
      await expectNothingLost({ server, history, sender, recipients, random })
    }
    expect(server.pid).toBe(pid)
    expect(history.withOutcome('ok').length).toBeGreaterThan(rounds)
  })
}

/** While the database answers nothing, everybody is refused in time; afterwards all is as it was. */
export async function freezeDatabase(frozenMs: number): Promise<void> {
  await withDatabase(`frozen for ${frozenMs} ms`, async (scene) => {
    const { database, server, sender, recipients, history, random } = scene
    const load = startLoad({ history, client: sender.http, recipients, random })
    await delay(200)
    database.freeze()
    const until = performance.now() + frozenMs
    const [{ id } = { id: '' }] = recipients
    while (performance.now() < until) {
      const startedAt = performance.now()
      const reply = await sender.http.post('/api/notifications/send', { user_id: id, message: 'no' })
      expect(reply.status).toBe(503)
      expect(performance.now() - startedAt).toBeLessThan(REFUSED_WITHIN_MS)
      await delay(200)
    }
    database.thaw()
    await load.stop()
    await expectBack(scene)
    await expectNothingLost({ server, history, sender, recipients, random })
  })
}
