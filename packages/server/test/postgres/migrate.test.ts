/** `belfry migrate` as an operator runs it: killed on the way, run again, and the clients that were connected go on. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import {
  admin,
  type BelfryServer,
  connected,
  http,
  listAll,
  messagesOf,
  nodeBinary,
  type Person,
  ROOT,
  register,
  runToEnd,
  sendTo,
  startOrRefuse,
  startServer,
  unread,
} from '@belfry/testkit'
import { type PostgresService, startPostgres } from '@belfry/testkit/services'
import { afterAll, beforeAll, expect, it } from 'vitest'

const MAIN = process.env.BELFRY_MAIN ?? join(ROOT, 'packages/server/src/main.ts')
/** Enough for several pages, so that a kill falls between two. */
const MANY = 60_000

let database: PostgresService
beforeAll(async () => {
  database = await startPostgres({ isVolatile: true })
})
afterAll(() => database?.close())

/** Straight into the table: entries that nobody has to read, as a long life leaves them. */
function ageTheLog(dataDir: string): void {
  const db = new DatabaseSync(join(dataDir, 'belfry.db'))
  db.exec('pragma synchronous = off; begin')
  const insert = db.prepare(
    `insert into entry (topic, "offset", kind, data, at) values ('room:old', ?, 'room.created', '{}', 0)`,
  )
  for (let offset = 1; offset <= MANY; offset++) insert.run(offset)
  db.exec('commit')
  db.close()
}

/** Runs the command until it says that it has come somewhere, and kills it there. */
async function killedHalfway(args: string[]): Promise<void> {
  const child = spawn(nodeBinary(), ['--conditions=@belfry/source', MAIN, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = once(child, 'exit')
  const said = () => database.query('select coalesce(sum(rows), 0) from belfry.moving', 'test_1')
  for (;;) {
    const rows = await Promise.resolve()
      .then(said)
      .catch(() => '0')
    if (Number(rows) > 4000 || child.exitCode !== null) break
  }
  child.kill('SIGKILL')
  expect((await ended)[1]).toBe('SIGKILL')
}

async function cursorOf(server: BelfryServer, person: Person, more: object = {}) {
  const client = { name: 'test', version: '1' }
  const socket = await connected(server, { ...person.auth, client, ...more })
  const sync = await socket.event<{ complete: boolean; cursor: { epoch: string }; entries?: unknown[] }>(
    'sync',
  )
  socket.close()
  return sync
}

it('moves a log while its clients are away: killed and run again, it is the same log with the same sessions', async () => {
  const url = database.createDatabase()
  // Signed with the secret of the folder, as where nothing is set.
  const old = await startServer({ env: { JWT_SECRET: undefined } })
  const { dataDir } = old
  const moved = { dataDir, env: { DATABASE_URL: url, JWT_SECRET: undefined } }
  try {
    const [sender, ada] = [await admin(old), await register(old)]
    await sendTo(sender, ada, 'before')
    const { cursor } = await cursorOf(old, ada)
    await sendTo(sender, ada, 'while away')
    const args = ['migrate', '--from', `sqlite:${dataDir}`, '--to', url]
    expect(await runToEnd({ dataDir, args })).toMatchObject({
      code: 1,
      output: expect.stringContaining('in use'),
    })
    await old.stop()
    ageTheLog(dataDir)

    await killedHalfway(args)
    expect(await startOrRefuse(moved)).toMatchObject({
      code: 1,
      output: expect.stringContaining('still being moved'),
      wasServed: false,
    })
    const arrived = Number(database.query('select sum(rows) from belfry.moving', 'test_1'))
    const finished = await runToEnd({ dataDir, args })
    expect(finished).toMatchObject({ code: 0, output: expect.stringContaining('Both sides are the same') })
    const first = Number(/(\d+) of \d+ rows/.exec(finished.output)?.[1])
    expect(first).toBeGreaterThan(arrived)
    expect(await startOrRefuse({ dataDir })).toMatchObject({
      code: 1,
      output: expect.stringContaining('were moved to postgres://'),
    })

    const server = await startServer(moved)
    try {
      const same = { ...ada, http: http(server, ada.token) }
      expect(messagesOf(await listAll(same))).toEqual(['while away', 'before'])
      expect(await unread(same)).toBe(2)
      expect(await cursorOf(server, ada, { cursor })).toMatchObject({
        complete: true,
        cursor: { epoch: cursor.epoch },
      })
      await sendTo(await admin(server), same, 'after')
      expect(messagesOf(await listAll(same))).toEqual(['after', 'while away', 'before'])
    } finally {
      await server.close()
    }
  } finally {
    await old.close()
  }
}, 120_000)
