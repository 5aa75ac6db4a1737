import { deepStrictEqual } from 'node:assert/strict'
import type { Draw } from '../random.ts'
import { actors, drawSeat, moved, toldOf, wrote } from './drawing.ts'
import type { OracleChat } from './oracle-chat.ts'
import { refusedPlace } from './verdicts.ts'
import { prefsFor } from './views.ts'
import type { World } from './world.ts'

/** The numbers that a reply brings: of this chat and in all. */
function countsIn(world: World, chat: OracleChat, user: string, what: string, found: unknown): void {
  const { chats, total } = world.oracle.counts(user, world.now)
  deepStrictEqual(
    found,
    { chats: { [chat.id]: chats[chat.id] }, total },
    `I6: numbers in the reply to ${what}`,
  )
}

export async function markRead(world: World, draw: Draw): Promise<void> {
  const { chat, user } = drawSeat(world, draw)
  const upTo = draw.chance(0.3) ? undefined : draw.int(0, chat.said.length + 2)
  const isPrivate = draw.chance(0.2)
  const refused = refusedPlace({ chat, user })
  const input = {
    chatId: chat.id,
    ...(upTo === undefined ? {} : { upToSeq: upTo }),
    ...(isPrivate ? { private: true } : {}),
  }
  const outcome = await world.command('markChatRead', user, input, refused)
  if (refused !== undefined) return
  const before = world.oracle.unreadNotices(user, chat)
  const { isNews, isForOthers } = world.oracle.read(chat, user, { upTo, isPrivate, now: world.now })
  const told = isForOthers ? chat.tell(world.now) : []
  const hasReadNotice = world.oracle.unreadNotices(user, chat) < before
  const own = `user:${user}`
  const expected = [
    ...(isNews ? [`${own} chat.read`] : []),
    ...moved(chat, told),
    ...(hasReadNotice ? [`${own} item.read`] : []),
  ]
  wrote(outcome, expected, 'I14: reading')
  toldOf(outcome, chat, told)
  deepStrictEqual(outcome.reply.lastReadSeq, chat.watermark(user).read, 'I4: the mark in the reply')
  countsIn(world, chat, user, 'markChatRead', outcome.reply.counts)
}

export async function markUnread(world: World, draw: Draw): Promise<void> {
  const { chat, user } = drawSeat(world, draw)
  const fromSeq = draw.int(1, chat.said.length + 1)
  const refused =
    refusedPlace({ chat, user }) ?? (fromSeq > chat.said.length ? 'validation_failed' : undefined)
  const outcome = await world.command('markChatUnread', user, { chatId: chat.id, fromSeq }, refused)
  if (refused !== undefined) return
  const before = chat.watermark(user)
  chat.seat(user).unreadFrom = fromSeq
  wrote(outcome, [`user:${user} chat.prefsChanged`], 'marking as unread')
  deepStrictEqual(chat.watermark(user), before, 'I4: marking as unread moves no mark')
  countsIn(world, chat, user, 'markChatUnread', outcome.reply.counts)
}

export async function setPrefs(world: World, draw: Draw): Promise<void> {
  const { chat, user } = drawSeat(world, draw)
  const refused = refusedPlace({ chat, user })
  // A mute that ends while nobody is told would leave devices with an old total: none ends during a history.
  const until = draw.pick(['forever' as const, null, world.now - 1000, world.now + 1000 * 24 * 3600_000])
  const isMuting = draw.chance(0.5)
  const hidden = draw.chance(0.5) ? draw.chance(0.6) : undefined
  const notify = draw.pick(['all', 'mentions', 'none', undefined] as const)
  const mutedUntil = typeof until === 'number' ? new Date(until).toISOString() : until
  const input = {
    chatId: chat.id,
    ...(notify === undefined ? {} : { notify }),
    ...(isMuting ? { mutedUntil } : {}),
    ...(hidden === undefined ? {} : { hidden }),
  }
  const outcome = await world.command('setChatPrefs', user, input, refused)
  if (refused !== undefined) return
  const seat = chat.seat(user)
  if (notify !== undefined) seat.notify = notify
  if (isMuting) seat.silencedUntil = until ?? undefined
  if (hidden !== undefined) seat.hiddenAt = hidden ? world.now : undefined
  wrote(outcome, [`user:${user} chat.prefsChanged`], 'settings')
  deepStrictEqual(outcome.reply.prefs, prefsFor(chat, user), 'settings in the reply')
  countsIn(world, chat, user, 'setChatPrefs', outcome.reply.counts)
}

export async function block(world: World, draw: Draw): Promise<void> {
  const [user, other] = [draw.pick(actors(world)), draw.pick([...actors(world), 'nobody'])]
  const refused = other === 'nobody' ? 'not_found' : undefined
  const outcome = await world.command('blockUser', user, { userId: other }, refused)
  const isNew = refused === undefined && other !== user && !world.oracle.hasBlocked(user, other)
  wrote(outcome, isNew ? [`user:${user} user.blocked`] : [], 'a block')
  if (isNew) world.oracle.block(user, other)
}

export async function unblock(world: World, draw: Draw): Promise<void> {
  const user = draw.pick(actors(world))
  const other = draw.pick([...world.oracle.blocksOf(user), ...actors(world)])
  const isThere = world.oracle.hasBlocked(user, other)
  const outcome = await world.command('unblockUser', user, { userId: other })
  wrote(outcome, isThere ? [`user:${user} user.unblocked`] : [], 'a block taken back')
  world.oracle.unblock(user, other)
}

interface Handing {
  user: string
  after: number
  upTo: number
}

/** Sockets were handed what lies between two offsets of the chat's topic. */
export async function handOver(
  world: World,
  chat: OracleChat,
  handings: readonly Handing[],
): Promise<number> {
  const handed = handings.map((one) => ({ ...one, topic: `room:${chat.id}` }))
  const outcome = await world.server('markDelivered', { handed })
  const isMoved = handings.map(({ user, ...range }) => world.oracle.deliver(chat, user, range)).includes(true)
  const told = isMoved ? chat.tell(world.now) : []
  wrote(outcome, moved(chat, told), 'I14: a hand-over')
  toldOf(outcome, chat, told)
  return outcome.entries.length
}

/** As seeds' sockets are: some entries, perhaps not the next ones, several the same. */
export async function handSome(world: World, draw: Draw): Promise<void> {
  const { chat, user } = drawSeat(world, draw)
  const head = world.headOf(`room:${chat.id}`)
  const drawRange = () => {
    const after = draw.int(Math.max(0, head - 10), head)
    return { after, upTo: draw.int(after, head) }
  }
  const same = drawRange()
  const users = [user, ...draw.some([...actors(world), user], 0, 3)]
  const handings = users.map((one) => ({ user: one, ...(draw.chance(0.6) ? same : drawRange()) }))
  await handOver(world, chat, handings)
}

/** A native device acknowledges its cursor. */
export async function acknowledge(world: World, draw: Draw): Promise<void> {
  const [device] = draw.some(
    world.devices.filter(({ isAwake }) => isAwake),
    1,
    1,
  )
  for (const [topic, upTo] of device?.applied ?? []) {
    const chat = world.oracle.chats.get(topic.slice('room:'.length))
    if (chat && device) await handOver(world, chat, [{ user: device.user, after: 0, upTo }])
  }
}

/** The server's own timer: watermarks that were gathered are told. */
export async function tellReceipts(world: World, draw: Draw): Promise<void> {
  world.now += draw.int(0, 1500)
  const due = [...world.oracle.chats.values()].filter(
    ({ dueAt }) => dueAt !== undefined && dueAt <= world.now,
  )
  const outcome = await world.server('tellReceipts', {})
  due.sort((a, b) => (a.dueAt ?? 0) - (b.dueAt ?? 0))
  const told = due.map((chat) => {
    chat.dueAt = undefined
    return moved(chat, chat.flush())
  })
  deepStrictEqual(outcome.reply, { told: due.length }, 'chats that are due')
  wrote(outcome, told.flat(), 'I14: gathered receipts')
}
