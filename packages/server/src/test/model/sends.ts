import { deepStrictEqual } from 'node:assert/strict'
import type { Item } from '@belfry/protocol'
import { categoryOf } from '@belfry/protocol'
import type { Actor } from '../../core/actor.ts'
import type { Draw } from '../random.ts'
import type { Body } from './oracle.ts'
import type { Outcome, World } from './world.ts'

const sender: Actor = { kind: 'key', id: 'sender', ownerId: 'owner', scopes: ['admin'] }

/** Few, so that they meet; one is also a name that every object has. */
export const types = ['order:new', 'order:updated', 'chat', 'constructor', 'info']
const priorities = ['low', 'medium', 'high', 'urgent'] as const
/** Soon, so that much expires while a history runs. */
const lifetimesMs = [2, 20, 1000, 3600_000]

export const roomOf = (world: World, draw: Draw) => `${world.name}-r${draw.int(0, 1)}`
export const roleOf = (world: World, draw: Draw) => `${world.name}-s${draw.int(0, 1)}`

let texts = 0

function drawContent(world: World, draw: Draw) {
  const at = draw.chance(0.2) ? world.now + draw.pick(lifetimesMs) : undefined
  return {
    message: `message ${texts++}`,
    ...(draw.chance(0.8) ? { type: draw.pick(types) } : {}),
    ...(draw.chance(0.3) ? { category: draw.pick(types) } : {}),
    ...(draw.chance(0.5) ? { title: `title ${texts}` } : {}),
    ...(draw.chance(0.5) ? { priority: draw.pick(priorities) } : {}),
    ...(at === undefined ? {} : { expiresAt: new Date(at).toISOString() }),
  }
}

const drawKey = (world: World, draw: Draw) =>
  draw.chance(0.2) ? { idempotencyKey: `${world.name}-${world.transcript.length}` } : {}

type Content = { type?: string; message: string } & Partial<
  Record<'title' | 'category' | 'priority' | 'expiresAt', string>
>

function bodyOf(content: Content): Body {
  const { type = 'info', title = 'Notification', priority = 'medium', message, expiresAt } = content
  const category = content.category ?? categoryOf(type)
  return {
    ...{ type, category, title, message, editedAt: null },
    priority: priority as Body['priority'],
    expiresAt: expiresAt === undefined ? null : Date.parse(expiresAt),
  }
}

export interface Expected {
  /** Topics in which one item each appears, in this order. */
  topics: string[]
  except: string[]
  content: Content
}

/** Tells the oracle what was accepted, after looking that the log says the same. */
function accept(world: World, outcome: Outcome, sends: readonly Expected[]): void {
  const created = outcome.entries.filter((entry) => entry.kind === 'item.created')
  deepStrictEqual(outcome.code, undefined, 'a send is accepted')
  deepStrictEqual(
    outcome.entries.length,
    created.length,
    'a send writes one entry per topic and nothing else',
  )
  deepStrictEqual(
    created.map((entry) => entry.topic),
    sends.flatMap((send) => send.topics),
    'topics of a send',
  )
  for (const { topics, except, content } of sends) {
    const body = bodyOf(content)
    const ofSend = created.splice(0, topics.length)
    const first = ofSend[0]?.data.id ?? ''
    for (const { data } of ofSend) {
      world.oracle.accept(
        {
          ...{ id: data.id, topic: data.topic, offset: data.offset, createdAt: world.now },
          ...{ body, first, isGone: false },
        },
        except,
      )
    }
  }
}

/** One send to any audience: the input, and what must follow. Undefined `expected`: nobody is called so. */
function drawSend(
  world: World,
  draw: Draw,
): { input: Record<string, unknown>; expected: Expected | undefined } {
  const content = drawContent(world, draw)
  const except = draw.chance(0.3) ? draw.some(world.people, 0, 2) : []
  const more = { ...content, ...(except.length > 0 ? { except } : {}) }
  const to = (audience: object, topics: string[]) => ({
    input: { ...more, ...audience },
    expected: { topics, except, content },
  })
  switch (draw.pick(['user', 'users', 'role', 'room', 'all', 'all'] as const)) {
    case 'user': {
      if (draw.chance(0.05))
        return { input: { ...more, userId: `${world.name}-nobody` }, expected: undefined }
      const user = draw.pick(world.people)
      return to({ user_id: user }, [`user:${user}`])
    }
    case 'users': {
      const users = draw.some(world.people, 1, 4).filter((user) => !except.includes(user))
      if (users.length === 0) return to({ audience: { all: true } }, ['all'])
      const repeated = draw.chance(0.3) ? [...users, ...users] : users
      return to(
        { audience: { users: [...repeated, ...except] } },
        users.map((user) => `user:${user}`),
      )
    }
    case 'role': {
      const role = roleOf(world, draw)
      return to({ role }, [`role:${role}`])
    }
    case 'room': {
      const room = roomOf(world, draw)
      return to({ audience: { room } }, [`room:${room}`])
    }
    default:
      return to({ audience: { all: true } }, ['all'])
  }
}

export async function notify(world: World, draw: Draw): Promise<void> {
  const { input, expected } = drawSend(world, draw)
  const outcome = await world.command('notify', sender, { ...input, ...drawKey(world, draw) })
  if (expected) accept(world, outcome, [expected])
  else deepStrictEqual([outcome.code, outcome.entries], ['not_found', []])
}

/** All or none: one unknown person and nothing of it is sent. */
export async function notifyBulk(world: World, draw: Draw): Promise<void> {
  const sends = Array.from({ length: draw.int(1, 4) }, () => drawSend(world, draw))
  const notifications = sends.map(({ input }) => input)
  const outcome = await world.command('notifyBulk', sender, { notifications, ...drawKey(world, draw) })
  const expected = sends.map((send) => send.expected).filter((one) => one !== undefined)
  if (expected.length === sends.length) accept(world, outcome, expected)
  else deepStrictEqual([outcome.code, outcome.entries], ['not_found', []])
}

export async function broadcast(world: World, draw: Draw): Promise<void> {
  const content = drawContent(world, draw)
  const except = draw.chance(0.5) ? draw.some(world.people, 1, 2) : []
  const input = { ...content, ...(except.length > 0 ? { except } : {}), ...drawKey(world, draw) }
  const outcome = await world.command('broadcast', sender, input)
  accept(world, outcome, [
    { topics: ['all'], except, content: { ...content, type: content.type ?? 'system' } },
  ])
}

export async function sendTest(world: World, draw: Draw): Promise<void> {
  const user = draw.pick(world.people)
  const outcome = await world.command('sendTest', self(user), drawKey(world, draw))
  const content = { message: 'This is a test', title: 'Test notification' }
  accept(world, outcome, [{ topics: [`user:${user}`], except: [], content }])
}

export const self = (id: string): Actor => ({ kind: 'user', id, roles: [], sessionId: 'session' })

/** The same key and body: the first reply and nothing else. Another body: refused. */
export async function repeat(world: World, draw: Draw): Promise<void> {
  if (world.keyed.length === 0) return notify(world, draw)
  const call = draw.pick(world.keyed)
  const again = await world.repeat(call)
  deepStrictEqual([again.code, again.entries, again.reply], [undefined, [], call.reply], 'a repeat')
  const other = await world.repeat(call, { title: 'another body' })
  deepStrictEqual([other.code, other.entries], ['idempotency_conflict', []], 'a repeat with another body')
}

const drawSent = (world: World, draw: Draw) => draw.pick([...world.oracle.sent.keys(), 'unknown'])

export async function recall(world: World, draw: Draw): Promise<void> {
  const id = drawSent(world, draw)
  const gone = world.oracle.ofSend(id)
  const outcome = await world.command('recallNotification', sender, { id, ...drawKey(world, draw) })
  deepStrictEqual(outcome.code, gone.length === 0 ? 'not_found' : undefined, `recall of ${id}`)
  for (const sent of gone) sent.isGone = true
}

export async function edit(world: World, draw: Draw): Promise<void> {
  const id = drawSent(world, draw)
  const changed = world.oracle.ofSend(id)
  // A copy has no body of its own: only the id that the sender was given can be edited.
  const isOriginal = changed.some((sent) => sent.id === id && sent.first === id)
  const changes = {
    ...(draw.chance(0.7) ? { message: `edited ${texts++}` } : {}),
    ...(draw.chance(0.3) ? { title: `edited ${texts++}` } : {}),
    ...(draw.chance(0.3) ? { priority: draw.pick(priorities) } : {}),
  }
  const outcome = await world.command('editNotification', sender, { id, ...changes })
  deepStrictEqual(outcome.code, isOriginal ? undefined : 'not_found', `edit of ${id}`)
  if (!isOriginal) return
  for (const sent of changed) Object.assign(sent.body, changes, { editedAt: world.now })
  deepStrictEqual((outcome.reply as { notification: Item }).notification.id, id)
}

export async function expire(world: World): Promise<void> {
  const { reply } = await world.server('expireItems', {})
  deepStrictEqual(reply, { expired: world.oracle.expire(world.now) }, 'what has expired')
}
