import { deepStrictEqual, ok } from 'node:assert/strict'
import type { Chat, ChatCounts, Item, Member, Message } from '@belfry/protocol'
import type { LogEntry } from '../../store/store.ts'
import type { Draw } from '../random.ts'
import { actors, words } from './drawing.ts'
import type { OracleChat } from './oracle-chat.ts'
import { chatFor, iso, membersFor, messagesFor } from './views.ts'
import type { Opened, Page } from './window.ts'
import type { World } from './world.ts'

/** I6: all numbers of all people, from the store and on each of their devices. */
export async function checkCounts(world: World): Promise<void> {
  await Promise.all(
    actors(world).map(async (user) => {
      const expected = world.oracle.counts(user, world.now)
      const chatIds = Object.keys(expected.chats)
      deepStrictEqual(
        await world.read('countsOfChats', { user, chatIds }),
        expected,
        `I6: numbers of ${user}`,
      )
      for (const device of world.devices) {
        if (device.user === user && device.isAwake) checkShown(device.counts, expected, device.name)
      }
    }),
  )
}

/** A device that was never told of a chat shows nothing for it. */
function checkShown(shown: ChatCounts, expected: ChatCounts, name: string): void {
  for (const [chatId, numbers] of Object.entries(expected.chats))
    deepStrictEqual(shown.chats[chatId] ?? { unread: 0, mentions: 0 }, numbers, `I6: ${name} shows ${chatId}`)
  deepStrictEqual(shown.total, expected.total, `I6: totals of ${name}`)
}

/** Enough to see what the last operation has done; whole histories are paged through. */
const SHOWN = 15

/** One chat as everybody sees it, from inside, from before and from outside. */
export async function checkChat(world: World, chat: OracleChat): Promise<void> {
  await Promise.all(
    actors(world).map((user) =>
      chat.seats.has(user) ? checkOpened(world, chat, user) : checkHidden(world, chat, user),
    ),
  )
}

const withoutDelivery = ({ lastDeliveredAt: _, ...member }: Member) => member

async function checkOpened(world: World, chat: OracleChat, user: string): Promise<void> {
  const { oracle, now } = world
  const opened: Opened & { firstUnreadSeq?: number } = await world.read('openChat', {
    ...{ chatId: chat.id, user, limit: SHOWN },
  })
  const { policyNotice, ...shown } = opened.chat
  const expected = chatFor(oracle, chat, user, now)
  deepStrictEqual(shown, expected, `${chat.id} as ${user} sees it`)
  const canPost = expected.capabilities.includes('postMessage')
  deepStrictEqual(policyNotice === undefined, canPost, 'a notice says why nothing can be posted')
  deepStrictEqual(opened.members.map(withoutDelivery), membersFor(chat, user), `members of ${chat.id}`)
  for (const { lastReadSeq, lastDeliveredSeq } of opened.members)
    ok(lastReadSeq <= lastDeliveredSeq && lastDeliveredSeq <= chat.said.length, 'I4: read ≤ delivered ≤ last')
  const all = messagesFor(oracle, chat, user)
  deepStrictEqual(opened.messages, all.slice(-SHOWN), `I1 I3 I8: messages of ${chat.id} for ${user}`)
  const first = chat.said.find((message) => oracle.isUnread(user, chat, message))
  deepStrictEqual(opened.firstUnreadSeq, first?.seq, 'I6: where unread messages begin')
}

/** I8, F19: a stranger is told what is told of chats that do not exist. */
async function checkHidden(world: World, chat: OracleChat, user: string): Promise<void> {
  for (const query of ['openChat', 'listMessages', 'listMembers'])
    deepStrictEqual(
      await world.refusedRead(query, { chatId: chat.id, user, limit: 50 }),
      'not_found',
      `I8: ${query} of a stranger`,
    )
}

/** From the newest back to the oldest, and pages anywhere. */
export async function checkPages(world: World, chat: OracleChat, draw: Draw): Promise<void> {
  for (const user of actors(world).filter((one) => chat.seats.has(one))) {
    const all = messagesFor(world.oracle, chat, user)
    const limit = draw.int(1, 12)
    const read = (more: object): Promise<Page> =>
      world.read('listMessages', { chatId: chat.id, user, limit, ...more })
    const found: Message[] = []
    for (let before: number | undefined, isMore = true; isMore; before = found[0]?.seq) {
      const page = await read(before === undefined ? {} : { before })
      found.unshift(...page.messages)
      isMore = page.hasOlder
    }
    deepStrictEqual(found, all, `I3: pages of ${chat.id} for ${user}`)
    await checkPlace({ all, limit, read, at: draw.int(0, chat.said.length + 1) })
  }
}

interface Place {
  all: Message[]
  limit: number
  at: number
  read(more: object): Promise<Page>
}

async function checkPlace({ all, limit, at, read }: Place): Promise<void> {
  const [older, newer] = [all.filter(({ seq }) => seq <= at), all.filter(({ seq }) => seq > at)]
  const after = {
    messages: newer.slice(0, limit),
    hasOlder: older.length > 0,
    hasNewer: newer.length > limit,
  }
  deepStrictEqual(await read({ after: at }), after, `I3: messages after ${at}`)
  const half = Math.ceil(limit / 2)
  const around = {
    messages: [...older.slice(-half), ...newer.slice(0, limit - half)],
    hasOlder: older.length > half,
    hasNewer: newer.length > limit - half,
  }
  deepStrictEqual(await read({ around: at }), around, `I3: messages around ${at}`)
}

/** Lists of chats, searches, files and notifications of everybody. */
export async function checkLists(world: World, draw: Draw): Promise<void> {
  for (const user of actors(world)) {
    await checkChats(world, user, draw)
    await checkSearch(world, user, draw)
    await checkFiles(world, user)
    await checkNotices(world, user)
    deepStrictEqual(
      (await world.read('listBlocks', { user })).userIds.sort(),
      world.oracle.blocksOf(user).toSorted(),
    )
  }
}

async function checkChats(world: World, user: string, draw: Draw): Promise<void> {
  const { oracle, now } = world
  const own = oracle.chatsOf(user).sort((a, b) => b.updatedAt - a.updatedAt || (a.id < b.id ? 1 : -1))
  const isHidden = (chat: OracleChat) => chat.seat(user).hiddenAt !== undefined
  const expected = {
    all: own.filter((chat) => !isHidden(chat)),
    unread: own.filter((chat) => !isHidden(chat) && oracle.unreadIn(user, chat).unread > 0),
    hidden: own.filter(isHidden),
  }
  const filter = draw.pick(['all', 'unread', 'hidden'] as const)
  const chats: Chat[] = []
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const more = cursor === undefined ? {} : { cursor }
    const page = await world.read('listChats', { user, limit: draw.int(1, 4), filter, ...more })
    deepStrictEqual(page.counts.total, oracle.counts(user, now).total, 'I6: totals beside a list')
    chats.push(...page.chats)
    cursor = page.nextCursor
  }
  deepStrictEqual(
    chats.map(({ policyNotice: _, ...chat }) => chat),
    expected[filter].map((chat) => chatFor(oracle, chat, user, now)),
    `${filter} chats of ${user}`,
  )
}

/** I8: words are found in what may be read, and nowhere else. */
async function checkSearch(world: World, user: string, draw: Draw): Promise<void> {
  const q = draw.pick(words)
  const isHit = ({ deletedAt, content }: Message) => deletedAt === undefined && content.includes(q)
  const all = [...world.oracle.chats.values()].flatMap((chat) => messagesFor(world.oracle, chat, user))
  const expected = all.filter(isHit).sort((a, b) => (a.id < b.id ? 1 : -1))
  const hits: Message[] = []
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const more = cursor === undefined ? {} : { cursor }
    const page = await world.read('searchMessages', { user, q, limit: draw.int(1, 9), ...more })
    hits.push(...page.hits)
    cursor = page.nextCursor
  }
  deepStrictEqual(hits, expected, `I8: what ${user} finds of ${q}`)
}

async function checkFiles(world: World, user: string): Promise<void> {
  for (const file of world.oracle.files.values()) {
    const found = await world.read('readableMedia', { id: file.id, user })
    const canRead = world.oracle.canReadFile(user, file)
    deepStrictEqual(found !== undefined, canRead, `I8: file ${file.id} for ${user}`)
  }
}

/** I7, I13: who was named has a notification, read with the message and withdrawn with it. */
async function checkNotices(world: World, user: string): Promise<void> {
  const items: Item[] = []
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const more = cursor === undefined ? {} : { cursor }
    const page = await world.read('listNotifications', { user, type: 'mention', limit: 100, ...more })
    items.push(...page.notifications)
    cursor = page.nextCursor
  }
  const found = items.map(({ meta, isRead }) => ({ messageId: String(meta?.messageId), isRead }))
  const byId = (a: { messageId: string }, b: { messageId: string }) => (a.messageId < b.messageId ? -1 : 1)
  deepStrictEqual(found.sort(byId), world.oracle.notices(user).sort(byId), `I13: mentions of ${user}`)
}

/** What a node reads when the bus has lost something is for the same people as what came live. */
export async function checkMending(world: World, chat: OracleChat, draw: Draw): Promise<void> {
  const topic = `room:${chat.id}`
  const after = draw.int(Math.max(0, world.headOf(topic) - 20), world.headOf(topic))
  const entries: LogEntry[] = await world.read('entriesAfter', { topic, after })
  for (const { kind, data, except = [], at } of entries) {
    if (!kind.startsWith('message.') || !('id' in data)) continue
    const hearing = chat.active.filter(({ joinedAt }) => iso(joinedAt) < at).map(({ user }) => user)
    for (const user of hearing)
      deepStrictEqual(!except.includes(user), world.oracle.canRead(user, data.id), `I8: ${kind} for ${user}`)
  }
}
