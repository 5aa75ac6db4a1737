import { deepStrictEqual } from 'node:assert/strict'
import type { CommandName } from '@belfry/protocol'
import type { Draw } from '../random.ts'
import { drawIds, judge, key, person } from './draws.ts'
import type { Row, StateChange } from './oracle.ts'
import {
  broadcast,
  edit,
  expire,
  notify,
  notifyBulk,
  recall,
  repeat,
  roleOf,
  roomOf,
  self,
  sendTest,
  types,
} from './sends.ts'
import { returned, snooze, wakeItems } from './snoozes.ts'
import type { World } from './world.ts'

export type Operation = (world: World, draw: Draw) => Promise<void>

async function register(world: World, draw: Draw): Promise<void> {
  if (world.people.length < 5) await world.add()
  else await notify(world, draw)
}

const topicOf = (world: World, draw: Draw) =>
  draw.chance(0.5) ? `room:${roomOf(world, draw)}` : `role:${roleOf(world, draw)}`

async function join(world: World, draw: Draw): Promise<void> {
  const user = person(world, draw)
  const topic = topicOf(world, draw)
  const { reply } = await world.server('hear', { user, topic })
  deepStrictEqual(reply, world.oracle.join(user, topic), 'joined')
}

async function leave(world: World, draw: Draw): Promise<void> {
  const user = person(world, draw)
  const topic = topicOf(world, draw)
  const { reply } = await world.server('unhear', { user, topic })
  deepStrictEqual(reply, world.oracle.leave(user, topic), 'left')
}

const commandOf: Record<StateChange, CommandName> = {
  read: 'markRead',
  unread: 'markUnread',
  seen: 'markSeen',
  archive: 'archive',
  unarchive: 'unarchive',
  unsnooze: 'unsnooze',
  delete: 'deleteNotifications',
  restore: 'restore',
}

const change =
  (kind: StateChange): Operation =>
  async (world, draw) => {
    const user = person(world, draw)
    const ids = drawIds(world, draw, user)
    const [id] = ids
    const isOneByOne = kind === 'delete' && ids.length === 1
    const name = isOneByOne ? 'deleteNotification' : commandOf[kind]
    const input = ids.length === 1 ? { id } : { ids }
    const homeless = kind === 'unsnooze' ? world.oracle.homeless(user, ids) : []
    const outcome = await world.command(name, self(user), { ...input, ...key(world, draw) })
    judge(outcome, world.oracle.change(user, kind, { ids, now: world.now }))
    const who = world.oracle.person(user)
    if (homeless.length > 0)
      returned(
        world,
        outcome,
        homeless.map((row) => ({ person: who, row })),
      )
  }

function drawUpTo(world: World, draw: Draw, user: string): { upTo?: string } {
  if (draw.chance(0.3)) return {}
  return { upTo: drawIds(world, draw, user)[0] ?? 'unknown' }
}

async function markAllRead(world: World, draw: Draw): Promise<void> {
  const user = person(world, draw)
  const { upTo } = drawUpTo(world, draw, user)
  const category = draw.chance(0.4) ? draw.pick(types).split(':')[0] : undefined
  const input = { ...(upTo === undefined ? {} : { upTo }), ...(category === undefined ? {} : { category }) }
  const outcome = await world.command('markAllRead', self(user), { ...input, ...key(world, draw) })
  judge(outcome, world.oracle.readAll(user, { upTo, category, now: world.now }))
}

async function markAllSeen(world: World, draw: Draw): Promise<void> {
  const user = person(world, draw)
  const input = drawUpTo(world, draw, user)
  const outcome = await world.command('markAllSeen', self(user), { ...input, ...key(world, draw) })
  judge(outcome, world.oracle.seeAll(user, input.upTo, world.now))
}

async function clearAll(world: World, draw: Draw): Promise<void> {
  const user = person(world, draw)
  const input = drawUpTo(world, draw, user)
  const outcome = await world.command('clearAll', self(user), { ...input, ...key(world, draw) })
  judge(outcome, world.oracle.clearAll(user, input.upTo))
}

/** A socket was handed everything of a topic between two items of one stay. */
async function handOver(world: World, draw: Draw): Promise<void> {
  const user = person(world, draw)
  const { rows } = world.oracle.person(user)
  if (rows.length === 0) return
  const last = draw.pick(rows)
  const isSameStay = (row: Row) => row.sent.topic === last.sent.topic && row.stay === last.stay
  const first = draw.pick(rows.filter((row) => isSameStay(row) && row.sent.offset <= last.sent.offset))
  const { topic, offset: upTo } = last.sent
  const after = first.sent.offset - 1
  await world.server('markDelivered', { handed: [{ user, topic, after, upTo }] })
  for (const row of rows) {
    if (isSameStay(row) && row.sent.offset > after && row.sent.offset <= upTo) row.isDelivered = true
  }
}

/** A device is closed; some time later it will ask for what it has missed. */
async function fallAsleep(world: World, draw: Draw): Promise<void> {
  const reader = world.readers.get(person(world, draw))
  if (reader) world.asleep.push(reader.clone())
}

const DAY_MS = 24 * 3600_000

/** Also backwards: the order is that of acceptance and not that of the clock. */
async function moveClock(world: World, draw: Draw): Promise<void> {
  world.now += draw.pick([1000, 3600_000, 8 * DAY_MS, -1000, -3600_000])
}

/** Every operation, with how often it comes. */
const weights: [weight: number, operation: Operation][] = [
  [12, notify],
  [2, notifyBulk],
  [3, broadcast],
  [1, sendTest],
  [2, repeat],
  [2, recall],
  [2, edit],
  [1, expire],
  [2, register],
  [4, join],
  [3, leave],
  [5, change('read')],
  [5, change('unread')],
  [3, change('seen')],
  [3, change('archive')],
  [2, change('unarchive')],
  [5, snooze],
  [2, change('unsnooze')],
  [3, wakeItems],
  [4, change('delete')],
  [3, change('restore')],
  [4, markAllRead],
  [2, markAllSeen],
  [1, clearAll],
  [3, handOver],
  [2, fallAsleep],
  [1, moveClock],
]

const deck = weights.flatMap(([weight, operation]) => Array.from({ length: weight }, () => operation))

export const drawOperation = (draw: Draw): Operation => draw.pick(deck)
