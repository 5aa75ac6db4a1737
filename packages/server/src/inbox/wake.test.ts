import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Actor } from '../core/actor.ts'
import type { LogEntry, Store } from '../store/store.ts'
import { type MakePlace, makeSqlitePlace, type Place, testFeatures } from '../test/place.ts'
import { makePostgresPlace } from '../test/postgres-place.ts'
import type { TimedActor } from '../test/timed.ts'

const PEOPLE = 130
const NINE = Date.parse('2031-03-03T09:00:00Z')
const before = NINE - 3600_000

const at = (now: number, actor: Actor): TimedActor => ({ ...actor, now })
const system: Actor = { kind: 'system' }
const person = (id: string): Actor => ({ kind: 'user', id, roles: [], sessionId: 's' })

const PLACES: [string, MakePlace][] = [
  ['SQLite', makeSqlitePlace],
  ['PostgreSQL', makePostgresPlace],
]

describe.each(PLACES)('on %s', (_, makePlace) => {
  let place: Place
  let store: Store
  const committed: LogEntry[][] = []

  beforeAll(async () => {
    place = await makePlace({ isVolatile: true })
    store = await place.open({
      features: testFeatures,
      onCommitted: (entries) => void committed.push(entries),
    })
  }, 60_000)
  afterAll(async () => {
    await store.close()
    await place.remove()
  })

  it('wakes everybody of one minute in short transactions, each once, whoever asks at the same time', async () => {
    const people = Array.from({ length: PEOPLE }, (_, index) => `p${index}`)
    for (const id of people) await store.transact('addPerson', at(before, system), { id })
    const audience = { all: true }
    const sent = await store.transact('notify', at(before, system), { audience, message: 'for all' })
    const { id } = (sent as { notification: { id: string } }).notification
    const until = new Date(NINE).toISOString()
    for (const one of people) await store.transact('snooze', at(before, person(one)), { ids: [id], until })

    const wake = (now: number) =>
      store.transact('wakeItems', at(now, system), {}) as Promise<{ woken: number; hasMore: boolean }>
    expect(await wake(NINE - 1)).toEqual({ woken: 0, hasMore: false })
    committed.length = 0
    const nodes = await Promise.all(
      [1, 2, 3].map(async () => {
        let woken = 0
        for (let hasMore = true; hasMore; ) {
          const reply = await wake(NINE)
          expect(reply.woken).toBeLessThanOrEqual(50)
          woken += reply.woken
          hasMore = reply.hasMore
        }
        return woken
      }),
    )
    expect(nodes.reduce((sum, woken) => sum + woken, 0)).toBe(PEOPLE)
    const woken = committed.flat().filter((entry) => entry.kind === 'item.woken')
    expect(new Set(woken.map(({ topic }) => topic)).size).toBe(PEOPLE)
    expect(woken).toHaveLength(PEOPLE)
    const counts = (await store.read('countsOfMany', { users: people })) as {
      unread: number
      total: number
    }[]
    for (const numbers of counts) expect(numbers).toMatchObject({ total: 1, unread: 1, snoozed: 0 })
  })
})
