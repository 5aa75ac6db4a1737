import { deepStrictEqual } from 'node:assert/strict'
import type { Draw } from '../random.ts'
import { drawIds, judge, key, person } from './draws.ts'
import type { Person, Row } from './oracle.ts'
import { self } from './sends.ts'
import type { Outcome, World } from './world.ts'

/** Soon, so that much returns while a history runs. */
const AWAY_MS = [1, 5, 50, 1000, 3600_000]

export async function snooze(world: World, draw: Draw): Promise<void> {
  const user = person(world, draw)
  const ids = drawIds(world, draw, user)
  const until = world.now + draw.pick(AWAY_MS)
  const input = { ...(ids.length === 1 ? { id: ids[0] } : { ids }), until: new Date(until).toISOString() }
  const outcome = await world.command('snooze', self(user), { ...input, ...key(world, draw) })
  judge(outcome, world.oracle.snooze(user, { ids, now: world.now, until }))
}

/** Time passes, and the server's timer comes. */
export async function wakeItems(world: World, draw: Draw): Promise<void> {
  world.now += draw.pick([0, 2, 20, 1000])
  for (let hasMore = true; hasMore; ) {
    const due = world.oracle.due(world.now)
    const outcome = await world.server('wakeItems', {})
    const reply = outcome.reply as { woken: number; hasMore: boolean }
    if (!reply.hasMore) deepStrictEqual(reply.woken, due.length, 'how many returned')
    returned(world, outcome, due)
    hasMore = reply.hasMore
  }
}

/** Each came back on its person's own topic: said as new, and the old one taken away. */
export function returned(world: World, { entries }: Outcome, due: { person: Person; row: Row }[]): void {
  const woken = entries.filter((entry) => entry.kind === 'item.woken')
  for (const { topic, data } of woken) {
    const one = due.find(({ person, row }) => row.sent.id === data.id && topic === `user:${person.id}`)
    const created = entries.find((entry) => entry.kind === 'item.created' && entry.data.id === data.as)
    if (!one || created?.kind !== 'item.created') throw new Error(`${data.id} returned, and was not due`)
    const { sent } = one.row
    const { id, offset } = created.data
    deepStrictEqual(created.topic, topic, 'it returned to its person')
    world.oracle.wake(one.person, one.row, {
      // Said again now, and changed with what was said first.
      ...{ id, topic, offset, body: sent.body, createdAt: world.now },
      ...{ first: sent.first, isGone: false, origin: sent.origin ?? sent.id },
    })
  }
}
