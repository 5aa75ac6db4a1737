/** reliability.md X31 and §10: back-up under load, restore, and what clients see afterwards. */
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import {
  admin,
  type Environment,
  eventually,
  History,
  http,
  joinedEngine,
  listAll,
  messagesOf,
  register,
  runToEnd,
  seeded,
  sendTo,
  tempDir,
  unread,
  withDatabase,
} from '@belfry/testkit'
import { afterEach, describe, expect, it } from 'vitest'
import { expectNothingLost, startLoad } from '../support/load.ts'
import { useServers } from '../support/use-server.ts'

const start = useServers()
const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})
const file = () => {
  const folder = tempDir()
  folders.push(folder)
  return join(folder, 'backup.db')
}
const cli = (dataDir: string, env: Environment, ...args: string[]) => runToEnd({ dataDir, env, args }, 30_000)

describe('belfry backup', () => {
  it('under load writes a whole copy with mode 0600, and harms no send', async () => {
    const random = seeded('backup under load')
    const server = await start()
    const sender = await admin(server)
    const recipients = [await register(server), await register(server)]
    const history = new History()
    const load = startLoad({ history, client: sender.http, recipients, random })
    await eventually('some sends are through', () => history.withOutcome('ok').length > 50)
    const before = history.withOutcome('ok').map(({ message }) => message)
    const path = file()
    const ended = await cli(server.dataDir, {}, 'backup', path)
    await load.stop()
    expect(ended).toMatchObject({ code: 0 })
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readdirSync(dirname(path))).toEqual(['backup.db'])
    const integrity = withDatabase(path, (database) => database.prepare('pragma integrity_check').get())
    expect(Object.values(integrity ?? {})).toEqual(['ok'])
    await expectNothingLost({ server, history, sender, recipients, random })

    const restored = tempDir()
    folders.push(restored)
    expect(await cli(restored, {}, 'restore', path)).toMatchObject({ code: 0 })
    const other = await start({ dataDir: restored })
    const lists = await Promise.all(
      recipients.map(({ token }) => listAll({ http: http(other, token) } as never)),
    )
    const messages = messagesOf(lists.flat())
    expect(before.filter((message) => !messages.includes(message))).toEqual([])
    expect(messages.length).toBe(new Set(messages).size)
  })

  it('refuses a file that exists or cannot be written, and leaves it as it is', async () => {
    const server = await start()
    const path = join(dirname(file()), 'missing', 'folder', 'backup.db')
    expect((await cli(server.dataDir, {}, 'backup', path)).code).toBeGreaterThan(0)
    expect(existsSync(path)).toBe(false)
  })
})

describe('belfry restore', () => {
  it('refuses while the server runs', async () => {
    const server = await start()
    const [sender, person] = [await admin(server), await register(server)]
    await sendTo(sender, person, 'before')
    const path = file()
    expect((await cli(server.dataDir, {}, 'backup', path)).code).toBe(0)
    await sendTo(sender, person, 'after')
    expect((await cli(server.dataDir, {}, 'restore', path)).code).toBeGreaterThan(0)
    await server.restart('SIGKILL')
    expect(messagesOf(await listAll(person))).toEqual(['after', 'before'])
  })

  it('refuses a file that is no back-up, and leaves the data as it is', async () => {
    const server = await start()
    const person = await register(server)
    await sendTo(await admin(server), person, 'kept')
    await server.stop()
    const path = file()
    writeFileSync(path, 'this is not a database\n'.repeat(100))
    expect((await cli(server.dataDir, {}, 'restore', path)).code).toBeGreaterThan(0)
    await server.start()
    expect(messagesOf(await listAll(person))).toEqual(['kept'])
  })

  it('takes the data back to the back-up under a new epoch: no ghosts, right counts, and a snapshot for old cursors', async () => {
    const server = await start()
    const [sender, person] = [await admin(server), await register(server)]
    await sendTo(sender, person, 'in the back-up')
    const path = file()
    expect((await cli(server.dataDir, {}, 'backup', path)).code).toBe(0)
    for (let number = 0; number < 5; number++) await sendTo(sender, person, `ghost ${number}`)
    const client = { name: 'test', version: '0.0.1' }
    const cursorOf = async (auth: Record<string, unknown>) => {
      const raw = await joinedEngine(server, { ...person.auth, client, ...auth })
      const sync = await raw.frame((frame) => frame.startsWith('42["sync"'))
      raw.close()
      return (JSON.parse(sync.slice(2)) as [string, { complete: boolean; cursor: { epoch: string } }])[1]
    }
    const before = await cursorOf({})
    await server.stop()
    expect((await cli(server.dataDir, {}, 'restore', path)).code).toBe(0)
    await server.start()
    expect(messagesOf(await listAll(person))).toEqual(['in the back-up'])
    expect(await unread(person)).toBe(1)
    const after = await cursorOf({ cursor: before.cursor })
    expect(after.complete).toBe(false)
    expect(after.cursor.epoch).not.toBe(before.cursor.epoch)
    const note = await sendTo(sender, person, 'new')
    expect((await listAll(person)).map(({ id }) => id)[0]).toBe(note.id)
  })
})
