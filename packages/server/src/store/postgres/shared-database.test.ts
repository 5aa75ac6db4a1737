import { setTimeout as sleep } from 'node:timers/promises'
import { type PostgresService, startPostgres } from '@belfry/testkit/services'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ann, codeOf, type Note, system } from '../../test/store-bench.ts'
import { migrations } from '../migrations/migrations.ts'
import type { LogEntry, Store } from '../store.ts'
import { openPool } from './connection.ts'
import { openPostgresStore } from './postgres-store.ts'

const features = new URL('../../test/contract-features.ts', import.meta.url)

let server: PostgresService
let url: string
beforeAll(async () => {
  server = await startPostgres({ isVolatile: true })
})
afterAll(() => server.close())
beforeEach(() => {
  url = server.createDatabase()
})

/** One node's store, with what it has reported. */
async function open(): Promise<Store & { committed: LogEntry[] }> {
  const committed: LogEntry[] = []
  const onCommitted = (entries: LogEntry[]) => void committed.push(...entries)
  const store = await openPostgresStore({ url, features, onCommitted, onError: () => {} })
  return Object.assign(store, { committed })
}

const notesOf = (store: Store, topic: string) => store.read('notesOf', { topic }) as Promise<Note[]>

describe('nodes that share a database', () => {
  it('start together on an empty one', async () => {
    const stores = await Promise.all([open(), open(), open(), open()])
    expect(new Set(stores.map(({ epoch }) => epoch)).size).toBe(1)
    await stores[0]?.transact('addTopic', system, { topic: 'a' })
    for (const store of stores) await store.transact('note', ann, { topic: 'a', text: 'x' })
    expect((await notesOf(stores[0] as Store, 'a')).map(({ offset }) => offset)).toEqual([1, 2, 3, 4])
    for (const store of stores) await store.close()
  })

  it('never let a reader skip: 16 writers, some of whom roll back', async () => {
    const [one, two] = await Promise.all([open(), open()])
    const topics = ['hot', 'warm', 'cool']
    for (const topic of topics) await one.transact('addTopic', system, { topic })
    let isOver = false
    const write = async (writer: number) => {
      const store = writer % 2 === 0 ? one : two
      const codes: string[] = []
      for (let round = 0; round < 25; round += 1) {
        const command = round % 4 === writer % 4 ? 'noteAndRefuse' : round % 7 === 0 ? 'noteTwice' : 'note'
        const topic = topics[(writer + round) % (round % 2 === 0 ? 1 : 3)] ?? 'hot'
        codes.push(await codeOf(store.transact(command, ann, { topic, text: `${writer} ${round}` })))
      }
      return codes
    }
    const follow = async (store: Store, topic: string) => {
      let seen: Note[] = []
      while (!isOver) {
        const notes = await notesOf(store, topic)
        expect(notes.map(({ offset }) => offset)).toEqual(notes.map((_, index) => index + 1))
        expect(notes.slice(0, seen.length)).toEqual(seen)
        seen = notes
        await sleep(2)
      }
    }
    const followers = topics.map((topic, index) => follow(index % 2 === 0 ? one : two, topic))
    const codes = (await Promise.all(Array.from({ length: 16 }, (_, writer) => write(writer)))).flat()
    isOver = true
    await Promise.all(followers)
    expect(new Set(codes)).toEqual(new Set(['ok', 'forbidden']))
    for (const topic of topics) {
      const reported = [...one.committed, ...two.committed].filter((entry) => entry.topic === topic)
      const inOrder = reported.sort((a, b) => a.offset - b.offset)
      expect(inOrder.map(({ offset }) => offset)).toEqual(
        (await notesOf(one, topic)).map(({ offset }) => offset),
      )
      // Ids begin with this time: a list by id is in the order of the log, whichever node has written.
      const times = inOrder.map(({ at }) => at)
      expect(times).toEqual(times.toSorted())
    }
    await one.close()
    await two.close()
  }, 60_000)

  it('give one key one effect and one reply, whoever is asked', async () => {
    const stores = await Promise.all([open(), open(), open()])
    await stores[0]?.transact('addTopic', system, { topic: 'k' })
    const ask = (_: unknown, index: number) =>
      (stores[index % 3] as Store).transact('note', ann, { topic: 'k', text: 'once', idempotencyKey: 'key' })
    const replies = await Promise.all(Array.from({ length: 50 }, ask))
    expect(new Set(replies.map((reply) => JSON.stringify(reply))).size).toBe(1)
    expect(await notesOf(stores[1] as Store, 'k')).toHaveLength(1)
    for (const store of stores) await store.close()
  })
})

/** Holds what a node holds that was stopped amid a batch; until `end`. */
async function heldTopic(topic: string): Promise<{ end(): Promise<void> }> {
  const pool = openPool({ url, max: 1, onError: () => {} })
  await pool.query('select pg_advisory_lock(hashtextextended($1, 0))', [topic])
  return pool
}

describe('a topic that a stopped node holds', () => {
  it('is waited for, and holds up no other', async () => {
    const store = await open()
    for (const topic of ['held', 'free']) await store.transact('addTopic', system, { topic })
    const holder = await heldTopic('held')
    const kept = codeOf(store.transact('note', ann, { topic: 'held', text: 'x' }))
    const others = async () => {
      const codes = new Set<string>()
      for (const until = Date.now() + 5000; Date.now() < until; await sleep(50))
        codes.add(await codeOf(store.transact('note', system, { topic: 'free', text: 'y' })))
      return codes
    }
    expect(await others()).toEqual(new Set(['ok']))
    await holder.end()
    expect(await kept).toBe('ok')
    await store.close()
  }, 20_000)
})

it('a question that takes too long is refused alone', async () => {
  const slow = new URL('./test/slow-features.ts', import.meta.url)
  const store = await openPostgresStore({ url, features: slow, onCommitted: () => {}, onError: () => {} })
  const sleeping = codeOf(store.read('sleep', {}))
  let isAsleep = true
  const codes: string[] = []
  const nap = async () => {
    for (; isAsleep; await sleep(100)) codes.push(await codeOf(store.read('nap', {})))
  }
  const napping = nap()
  expect(await sleeping).toBe('unavailable')
  await sleep(300)
  isAsleep = false
  await napping
  expect(new Set(codes)).toEqual(new Set(['ok']))
  expect(store.isWritable()).toBe(true)
  await store.close()
}, 20_000)

describe('a database of another version', () => {
  const addMigration = (breaking: number) =>
    server.query(`insert into belfry.migration values ('9999-future', ${breaking})`, url.split('/').at(-1))

  it('is refused when its schema is marked so, and served otherwise', async () => {
    await (await open()).close()
    expect(
      server.query('select name from belfry.migration order by name', url.split('/').at(-1)).split('\n'),
    ).toEqual(migrations.map(({ name }) => name))
    addMigration(0)
    await (await open()).close()
    server.query(`delete from belfry.migration where name = '9999-future'`, url.split('/').at(-1))
    addMigration(1)
    await expect(open()).rejects.toThrow('The data were written by a newer Belfry (9999-future).')
  })
})

describe('a server that could lose what it acknowledges', () => {
  it.each([
    ['fsync', 'off'],
    ['full_page_writes', 'off'],
    ['synchronous_commit', 'off'],
  ])('is refused: %s = %s', async (name, value) => {
    const careless = await startPostgres({ isVolatile: true, settings: { [name]: value } })
    url = careless.createDatabase()
    await expect(open()).rejects.toThrow(`PostgreSQL has ${name} = off`)
    await careless.close()
  })
})
