import { deepStrictEqual } from 'node:assert/strict'
import type { Action, Chat, CommandName, Member, Message } from '@belfry/protocol'
import type { Draw } from '../random.ts'
import type { Device } from './device.ts'
import { actors } from './drawing.ts'
import type { OracleChat } from './oracle-chat.ts'
import { handOver } from './reading.ts'
import { allowed } from './verdicts.ts'
import { chatFor, membersFor, messagesFor, prefsFor } from './views.ts'
import type { Window } from './window.ts'
import type { World } from './world.ts'

/** What devices hold that heard everything, or came back. */
export function checkDevices(world: World): void {
  for (const device of world.devices) if (device.isAwake) checkDevice(world, device)
}

function checkDevice(world: World, device: Device): void {
  const { oracle } = world
  const { user, name } = device
  const own = oracle.chatsOf(user)
  deepStrictEqual([...device.chats].sort(), own.map(({ id }) => id).sort(), `chats of ${name}`)
  deepStrictEqual([...device.blocked].sort(), oracle.blocksOf(user).toSorted(), `blocks of ${name}`)
  for (const chat of own)
    deepStrictEqual(device.prefs.get(chat.id), prefsFor(chat, user), `settings of ${chat.id} on ${name}`)
  for (const [id, window] of device.windows) {
    const chat = oracle.chat(id)
    checkFacts(world, { chat, window, user })
    checkMembers(chat, window, user)
    checkMessages(world, { chat, window, user })
  }
}

interface Seen {
  chat: OracleChat
  window: Window
  user: string
}

/** What is the same for every member, without who they are. */
function factsOf({ id, type, title, context, state, history, pins, lastSeq, updatedAt }: Partial<Chat>) {
  return { id, type, title, context, state, history, pins, lastSeq, updatedAt }
}

function checkFacts(world: World, { chat, window, user }: Seen): void {
  const expected = chatFor(world.oracle, chat, user, world.now)
  deepStrictEqual(factsOf(window.facts), factsOf(expected), `I3: a window of ${chat.id} knows the chat`)
}

const withoutTimes = ({ lastReadAt: _, lastDeliveredAt: _at, ...member }: Member) => member

/** In large chats watermarks are told a little later. */
function checkMembers(chat: OracleChat, window: Window, user: string): void {
  const isLate = chat.dueAt !== undefined
  const asShown = (member: Member) => {
    const { lastReadSeq: read, lastDeliveredSeq: delivered, ...rest } = withoutTimes(member)
    return isLate ? rest : { ...rest, read, delivered }
  }
  deepStrictEqual(
    window.sortedMembers.map(asShown),
    membersFor(chat, user).map(asShown),
    `I3: a window of ${chat.id} knows the members`,
  )
}

/** Receipts of one message follow from the members'. */
const withoutReceipts = ({ delivered: _, isRead: _read, ...message }: Message) => message

function checkMessages(world: World, { chat, window, user }: Seen): void {
  const all = messagesFor(world.oracle, chat, user).map(withoutReceipts)
  const held = window.shownTo(user).map(withoutReceipts)
  const [first, last] = [held[0]?.seq ?? 0, window.hasNewer ? (held.at(-1)?.seq ?? 0) : Infinity]
  const expected = all.filter(({ seq }) => seq >= first && seq <= last)
  const isHere = (id: string) => held.some((message) => message.id === id)
  // What was answered with, told to all, does not quote what some may not read; who may, finds it when it is loaded.
  const asTold = (message: (typeof all)[number], index: number) =>
    message.replyTo && held[index]?.replyTo?.seq === 0 && !isHere(message.replyTo.id)
      ? { ...message, replyTo: held[index].replyTo }
      : message
  deepStrictEqual(held, expected.map(asTold), `I3: a window of ${chat.id} is the list`)
  const hasOlder = all.some(({ seq }) => seq < first)
  const hasNewer = all.some(({ seq }) => seq > last)
  deepStrictEqual(
    [window.hasOlder, window.hasNewer],
    [held.length > 0 && hasOlder, hasNewer],
    'I3: more beyond',
  )
}

/** I14: when everybody has got everything, and has told so, nothing more is told. */
export async function checkQuiet(world: World): Promise<void> {
  const acknowledgeAll = async () => {
    let entries = 0
    for (const device of world.devices) {
      if (!device.isAwake) continue
      for (const [topic, upTo] of device.applied) {
        const chat = world.oracle.chats.get(topic.slice('room:'.length))
        if (chat) entries += await handOver(world, chat, [{ user: device.user, after: 0, upTo }])
      }
    }
    await world.tell()
    return entries
  }
  await acknowledgeAll()
  deepStrictEqual(await acknowledgeAll(), 0, 'I14: receipts beget no receipts')
}

/** I9: what a chat says somebody may do is what would work, tried and taken back. */
export async function checkCapabilities(world: World, draw: Draw): Promise<void> {
  const user = draw.pick(actors(world))
  const chats = [...world.oracle.chats.values()].filter(({ seats }) => seats.has(user))
  if (chats.length === 0) return
  const chat = draw.pick(chats)
  const { oracle, now } = world
  const capabilities = allowed({ oracle, chat, user, now })
  const before = await world.digest()
  for (const [action, trial] of Object.entries(trials(world, chat, user))) {
    if (!trial) continue
    const [name, input] = trial
    const works = await world.rehearse(name, user, { chatId: chat.id, ...input })
    // The keys are those of the table below.
    deepStrictEqual(works, capabilities.includes(action as Action), `I9: ${user} can ${action} in ${chat.id}`)
  }
  deepStrictEqual(await world.digest(), before, 'I7: nothing stays of what was taken back')
}

type Trial = [name: CommandName, input: object] | undefined

/** Something harmless of each kind, when there is an object for it. */
function trials(world: World, chat: OracleChat, user: string): Partial<Record<Action, Trial>> {
  const [newest] = chat
    .readable(user)
    .filter(({ deletedAt }) => deletedAt === undefined)
    .slice(-1)
  const own = chat
    .readable(user)
    .filter(({ sender, deletedAt }) => sender === user && deletedAt === undefined)
  const fresh = own.filter(({ createdAt }) => world.now - createdAt < 3600_000).at(-1)
  const last = own.at(-1)
  const room = chat.active.length < chat.seats.size
  const back = room ? [...chat.seats.values()].find(({ leftAt }) => leftAt !== undefined) : undefined
  return {
    updateChat: ['updateChat', { title: 'tried' }],
    postMessage: ['postMessage', { content: 'tried', mentions: ['@all'] }],
    editMessage: fresh && ['editMessage', { messageId: fresh.id, content: 'tried' }],
    deleteMessage: last && ['deleteMessage', { messageId: last.id }],
    reactToMessage: newest && ['reactToMessage', { messageId: newest.id, emoji: 'tried' }],
    removeMembers: ['removeMembers', { userIds: ['nobody'] }],
    addMembers: chat.type === 'direct' || !back ? undefined : ['addMembers', { userIds: [back.user] }],
  }
}
