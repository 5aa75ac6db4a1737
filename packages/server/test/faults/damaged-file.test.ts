/** reliability.md X4: a damaged store is served whole, or refused with the reason and left as it is. */
import { createHash } from 'node:crypto'
import { cpSync, existsSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import {
  admin,
  databaseFile,
  http,
  listAll,
  type Note,
  type Person,
  register,
  sendTo,
  startOrRefuse,
  startServer,
  tempDir,
} from '@belfry/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

let template = ''
let person: Person
let acked: Note[] = []
const folders: string[] = []

beforeAll(async () => {
  const server = await startServer()
  const sender = await admin(server)
  person = await register(server)
  for (let number = 0; number < 30; number++) await sendTo(sender, person, `number ${number}`)
  acked = await listAll(person)
  // SIGKILL leaves the WAL as it is: nothing was checkpointed by a clean end.
  await server.stop('SIGKILL')
  template = tempDir()
  cpSync(server.dataDir, template, { recursive: true })
  await server.close()
}, 60_000)

afterAll(() => {
  for (const folder of [template, ...folders]) rmSync(folder, { recursive: true, force: true })
})

interface Files {
  database: string
  wal: string
}

function flip(file: string, at: number): void {
  const bytes = readFileSync(file)
  bytes.writeUInt8(bytes.readUInt8(at) ^ 0xff, at)
  writeFileSync(file, bytes)
}

const middle = (file: string) => Math.floor(statSync(file).size / 2)
const cut = (file: string, share: number) => truncateSync(file, Math.floor(statSync(file).size * share))

const DAMAGES: Record<string, (files: Files) => void> = {
  'a byte of the database header': ({ database }) => flip(database, 20),
  'a byte of the schema page': ({ database }) => flip(database, 110),
  'a byte in the middle of the database': ({ database }) => flip(database, middle(database)),
  'half a database': ({ database }) => cut(database, 0.5),
  'an empty database': ({ database }) => truncateSync(database, 0),
  'a text file in its place': ({ database }) =>
    writeFileSync(database, 'this is not a database\n'.repeat(400)),
  'a byte of the WAL header': ({ wal }) => flip(wal, 12),
  'a byte in the middle of the WAL': ({ wal }) => flip(wal, middle(wal)),
  'a WAL cut in half': ({ wal }) => cut(wal, 0.5),
  'a WAL cut in mid-frame': ({ wal }) => cut(wal, 0.77),
  'an empty WAL': ({ wal }) => truncateSync(wal, 0),
}

function fingerprints(files: Files): string[] {
  return Object.values(files).map((file) =>
    existsSync(file) ? createHash('sha256').update(readFileSync(file)).digest('hex') : 'none',
  )
}

describe('a store with', () => {
  for (const [name, damage] of Object.entries(DAMAGES)) {
    it(`${name} is served whole, or refused with the reason and left untouched`, async () => {
      const dataDir = tempDir()
      folders.push(dataDir)
      cpSync(template, dataDir, { recursive: true })
      const database = join(dataDir, relative(template, databaseFile(template)))
      const files = { database, wal: `${database}-wal` }
      damage(files)
      const before = fingerprints(files)
      const started = await startOrRefuse({ dataDir })
      if ('url' in started) {
        try {
          const reader = { ...person, http: http(started, person.token) }
          expect((await listAll(reader)).map(({ id }) => id)).toEqual(acked.map(({ id }) => id))
        } finally {
          await started.close()
        }
        return
      }
      expect(started.code).toBeGreaterThan(0)
      expect(started.output).toMatch(/damaged|corrupt|malformed|not a database|integrity|lost|DATA_DIR/i)
      expect(fingerprints(files)).toEqual(before)
    }, 60_000)
  }
})
