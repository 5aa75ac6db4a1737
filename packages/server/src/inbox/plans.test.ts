import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { StatementSync } from 'node:sqlite'
import { type CommandName, commands } from '@belfry/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Actor } from '../core/actor.ts'
import { Ids } from '../store/ids.ts'
import { Database } from '../store/sqlite/database.ts'
import { SqliteReader, SqliteTx } from '../store/sqlite/transaction.ts'
import { features } from '../test/features.ts'
import type { TimedActor } from '../test/timed.ts'

/** Remembers the text of every statement that was run on it. */
class RecordingDatabase extends Database {
  readonly texts = new Set<string>()

  override prepare(text: string): StatementSync {
    this.texts.add(text)
    return super.prepare(text)
  }
}

const system: Actor = { kind: 'system' }
const ann: Actor = { kind: 'user', id: 'ann', roles: [], sessionId: 's' }
let folder: string
let db: RecordingDatabase
/** What ran, by the command or query that ran it. */
const statements = new Map<string, string[]>()

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'belfry-plans-'))
  db = new RecordingDatabase(join(folder, 'belfry.db'), { readOnly: false })
  db.migrate()
  db.texts.clear()
  await useEverything()
})
afterAll(() => {
  db.close()
  rmSync(folder, { recursive: true, force: true })
})

const ids = new Ids(undefined)

async function recorded<T>(name: string, work: Promise<T>): Promise<T> {
  const reply = await work
  statements.set(name, [...(statements.get(name) ?? []), ...db.texts])
  db.texts.clear()
  return reply
}

function transact(name: string, input: object, actor: Actor = system): Promise<unknown> {
  const handler = features.handlers[name]
  if (!handler) throw new Error(`No handler ${name}`)
  return recorded(name, handler(new SqliteTx(db, Date.now(), ids), actor, input as never))
}

/** As ann asks for it; with the schema's defaults. */
function command(name: CommandName, input: object, actor: Actor = ann): Promise<unknown> {
  return transact(name, commands[name].input.parse(input) as object, actor)
}

function read(name: string, input: object): Promise<unknown> {
  const query = features.queries[name]
  if (!query) throw new Error(`No query ${name}`)
  return recorded(name, query(new SqliteReader(db, Date.now()), input as never))
}

interface Sent {
  notification: { id: string }
}

const send = async (input: object) =>
  ((await command('notify', { message: 'm', ...input }, system)) as Sent).notification.id

async function useEverything(): Promise<void> {
  await transact('addPerson', { id: 'ann' })
  await transact('addRoom', { id: 'r' })
  const shared = await send({ audience: { users: ['ann'] } })
  for (const step of ['hear', 'unhear', 'hear']) await transact(step, { user: 'ann', topic: 'room:r' })
  const soon = { expiresAt: new Date(Date.now() + 60_000).toISOString() }
  const [a, b] = [
    await send({ room: 'r' }),
    await send({ role: 'x' }),
    await send({ userId: 'ann', ...soon }),
  ]
  await command('broadcast', { message: 'm', except: ['bob'] }, system)
  await command('notifyBulk', { notifications: [{ userId: 'ann', message: 'm' }] }, system)
  await command('sendTest', {})
  await transact('unhear', { user: 'ann', topic: 'room:r' })
  await command('editNotification', { id: shared, message: 'n' }, system)
  await changeStates(a)
  await askEverything(a)
  await command('recallNotification', { id: a }, system)
  await command('recallNotification', { id: b ?? '' }, system)
  await transact('expireItems', {}, { ...system, now: Date.now() + 120_000 } as TimedActor)
  await read('countNotifications', { user: 'ann' })
}

async function changeStates(id: string): Promise<void> {
  for (const name of ['markSeen', 'markRead', 'markUnread', 'archive', 'unarchive'] as const) {
    await command(name, { id })
  }
  await command('markAllRead', { upTo: id, category: 'info' })
  for (const name of ['markAllRead', 'markAllSeen', 'clearAll'] as const) await command(name, { upTo: id })
  const { id: last } = { id: await send({ userId: 'ann' }) }
  await command('markUnread', { ids: [last, id] })
  for (const name of ['deleteNotification', 'restore'] as const) await command(name, { id: last })
  await command('deleteNotifications', { ids: [last] })
  await transact('markDelivered', { handed: [{ user: 'ann', topic: 'user:ann', after: 0, upTo: 3 }] })
  for (const name of ['markAllRead', 'markAllSeen', 'clearAll'] as const) await command(name, {})
  await snoozeTwice()
  await transact('retain', { idempotencyMs: 1, maxTopicEntries: 1, topics: ['user:ann'] })
}

/** One returns early, though everything was cleared, and one on time. */
async function snoozeTwice(): Promise<void> {
  const later = Date.now() + 60_000
  const until = new Date(later).toISOString()
  const away = [await send({ audience: { all: true } }), await send({ audience: { all: true } })] as const
  await command('snooze', { ids: [...away], until })
  for (const step of ['unsnooze', 'snooze'] as const)
    await command(step, step === 'snooze' ? { id: away[0], until } : { id: away[0] })
  await command('clearAll', {})
  await command('unsnooze', { id: away[1] })
  await transact('wakeItems', {}, { ...system, now: later + 1 } as TimedActor)
  await command('markRead', { ids: [...away] })
}

async function askEverything(id: string): Promise<void> {
  await send({ userId: 'ann' })
  await send({ audience: { all: true } })
  const user = 'ann'
  await read('listNotifications', { user, limit: 50 })
  await read('listNotifications', { user, limit: 50, cursor: Buffer.from(id).toString('base64url') })
  for (const filter of [
    { unread: true },
    { unread: false },
    { archived: true },
    { snoozed: true },
    { type: 'info' },
  ]) {
    await read('listNotifications', { user, limit: 50, ...filter })
  }
  for (const filter of [{ category: 'info' }, { priority: 'high' }, { q: 'word' }]) {
    await read('listNotifications', { user, limit: 50, ...filter })
  }
  await read('countNotifications', { user })
  await read('countsOfMany', { users: [user] })
  await read('pendingItems', { user })
  await read('entriesAfter', { topic: 'user:ann', after: 0 })
  await read('sync', { user, epoch: 'e', cursor: undefined })
  await read('sync', { user, epoch: 'e', cursor: { epoch: 'e', offsets: { 'user:ann': 8 } } })
}

const planOf = (text: string) =>
  (db.all(`explain query plan ${text}`, []) as { detail: string }[]).map((row) => row.detail)

describe('the inbox', () => {
  it('was used by every command and query that it has', () => {
    const names = [...Object.keys(features.handlers), ...Object.keys(features.queries)]
    expect([...statements.keys()].sort()).toEqual(names.sort())
  })

  it('never looks through a whole table', () => {
    const scans = [...statements].flatMap(([name, texts]) =>
      texts.flatMap((text) =>
        planOf(text)
          .filter((detail) => /^SCAN /.test(detail) && detail !== 'SCAN CONSTANT ROW')
          .map((detail) => `${name}: ${detail} in ${text}`),
      ),
    )
    expect(scans).toEqual([])
  })

  it('finds items, entries, exceptions and marks by more than their topic or user', () => {
    const wide = [...statements].flatMap(([name, texts]) =>
      texts.flatMap((text) =>
        planOf(text)
          .filter((detail) => /^SEARCH (i|item|n|entry|e|exception|mark|r|revoked) /.test(detail))
          .filter(
            (detail) =>
              !/\((id|.*(rank|offset|body_id|origin_id|expires_at|snoozed_until))[=<>]/.test(detail),
          )
          .map((detail) => `${name}: ${detail} in ${text}`),
      ),
    )
    expect(wide).toEqual([])
  })

  it('looks items up one id at a time: for several, SQLite walks their topic', () => {
    const texts = [...statements.values()].flat().filter((text) => /"i"."id" (=|in)/.test(text))
    expect(texts.length).toBeGreaterThan(0)
    for (const text of texts) {
      expect(text).not.toMatch(/"i"."id" in/)
      expect(planOf(text)).toContain('SEARCH i USING PRIMARY KEY (id=?)')
    }
  })

  it('reads a page in the order of its index, without sorting', () => {
    const pages = (statements.get('listNotifications') ?? []).filter((text) =>
      text.includes('order by "i"."rank"'),
    )
    expect(pages.length).toBeGreaterThan(5)
    for (const text of pages) expect(planOf(text).join('\n')).not.toMatch(/TEMP B-TREE/)
  })

  it('notices a scan when there is one', () => {
    expect(planOf('select * from item where sender = ?')).toEqual(['SCAN item'])
  })
})
