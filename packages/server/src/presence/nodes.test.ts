import type { Presence, TypingFrame } from '@belfry/protocol'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { JoinedBus } from '../bus/test/joined-bus.ts'
import { CALM } from '../bus/test/lossy-wire.ts'
import { withChats } from '../chat/test/with-chats.ts'
import type { Actor } from '../core/actor.ts'
import type { LiveConnection } from '../core/context.ts'
import { OpenChats } from '../core/open-chats.ts'
import { LivePresence } from './live-presence.ts'

/** A beat, and the state that is asked for after it. */
const REPAIRED_WITHIN_MS = 9000

const open = await withChats()
const wire = new JoinedBus()
const nodes: LivePresence[] = []
afterEach(async () => {
  wire.weather = CALM
  wire.isDown = false
  await Promise.all(nodes.splice(0).map((node) => node.close()))
})
afterAll(() => wire.close())

/** One more node over the same store. */
function startNode() {
  const openChats = new OpenChats()
  const bus = wire.join()
  const onError = (error: unknown) => {
    throw error
  }
  const presence = new LivePresence({ context: open.context, openChats, bus, onError })
  nodes.push(presence)
  bus.subscribe({
    onEntries: (entries) => {
      for (const entry of entries) presence.onEntry(entry)
    },
    onHeads: () => {},
  })
  // The topics of whoever is connected, as the hub would ask for them.
  return {
    ...{ presence, openChats, bus },
    run: (
      name: keyof LivePresence['procedures'],
      actor: Actor,
      input: object,
      connection: LiveConnection,
    ) => {
      const procedure = presence.procedures[name]
      if (!procedure) throw new Error(`no procedure ${name}`)
      return procedure(open.context, actor, input as never, { address: '', connection })
    },
  }
}
type Node = ReturnType<typeof startNode>

let count = 0
function connect({ presence, bus }: Node, user: string) {
  const closers: (() => void)[] = []
  const frames: Presence[] = []
  const typing: TypingFrame[] = []
  const connection: LiveConnection = {
    ...{ id: `s${count++}`, isNative: true },
    tell(event, payload) {
      if (event === 'presence') frames.push(...(payload as { changes: Presence[] }).changes)
      if (event === 'typing') typing.push(payload as TypingFrame)
      return true
    },
    onClosed: (work) => void closers.push(work),
  }
  bus.listen(`user:${user}`)
  presence.enter(user, connection, false)
  return { connection, frames, typing, close: () => closers.forEach((work) => void work()) }
}

async function pair() {
  const [ann, bob] = await Promise.all([open.person(), open.person()])
  const { id: chatId } = await open.chatOf(ann.actor, [bob.id])
  const [a, b] = [startNode(), startNode()]
  open.onCommitted((entries) => void a.bus.publish(entries))
  const annTab = connect(a, ann.id)
  await a.run('watchPresence', ann.actor, { userIds: [bob.id] }, annTab.connection)
  const seen = () => annTab.frames.map(({ status }) => status)
  return { ann, bob, chatId, a, b, annTab, seen }
}

describe('presence over two nodes', () => {
  it('shows who comes, goes idle and wishes to be seen otherwise on another node', async () => {
    const { bob, b, seen } = await pair()
    const tab = connect(b, bob.id)
    await expect.poll(seen).toEqual(['online'])
    await b.run('setPresence', bob.actor, { status: 'dnd' }, tab.connection)
    await expect.poll(seen, { timeout: 3000 }).toEqual(['online', 'dnd'])
    await b.run('setPresence', bob.actor, { status: 'invisible' }, tab.connection)
    await expect.poll(seen, { timeout: 3000 }).toEqual(['online', 'dnd', 'offline'])
  })

  it('rises in version from node to node, so that whoever moves takes what the new one tells', async () => {
    const { ann, bob, b, annTab, seen } = await pair()
    const tab = connect(b, bob.id)
    await expect.poll(seen).toEqual(['online'])
    const moved = connect(b, ann.id)
    annTab.close()
    const watch = async () => {
      const input = { userIds: [bob.id] }
      return ((await b.run('watchPresence', ann.actor, input, moved.connection)) as { presence: Presence[] })
        .presence[0]
    }
    expect(await watch()).toMatchObject({ status: 'online' })
    await b.run('setPresence', bob.actor, { status: 'dnd' }, tab.connection)
    await expect.poll(async () => (await watch())?.status).toBe('dnd')
    expect((await watch())?.version).toBeGreaterThan(annTab.frames[0]?.version ?? Number.NaN)
  })

  it('knows a chat in front of somebody on another node', async () => {
    const { bob, chatId, a, b } = await pair()
    const tab = connect(b, bob.id)
    await b.run('focusChat', bob.actor, { chatId, focused: true }, tab.connection)
    await expect.poll(() => a.presence.isFocused(bob.id, chatId)).toBe(true)
    await b.run('setIdle', bob.actor, { idle: true }, tab.connection)
    await expect.poll(() => a.presence.isFocused(bob.id, chatId)).toBe(false)
    await b.run('setIdle', bob.actor, { idle: false }, tab.connection)
    await expect.poll(() => a.presence.isFocused(bob.id, chatId)).toBe(true)
    tab.close()
    await expect.poll(() => a.presence.isFocused(bob.id, chatId)).toBe(false)
  })

  it('is learnt by a node that joins, and ends with one that says goodbye', async () => {
    const { bob, b, a } = await pair()
    connect(b, bob.id)
    await expect.poll(() => a.presence.elsewhere(bob.id)).toBe(1)
    const late = startNode()
    await expect.poll(() => late.presence.elsewhere(bob.id), { timeout: 3000 }).toBe(1)
    await b.presence.close()
    await expect.poll(() => [a, late].map(({ presence }) => presence.elsewhere(bob.id))).toEqual([0, 0])
  })

  it('agrees again after losses, and after a time without the bus', async () => {
    const { bob, b, a } = await pair()
    wire.weather = { lost: 1, repeated: 0, lateMs: 0 }
    const tabs = Array.from({ length: 20 }, () => connect(b, bob.id))
    await new Promise((resolve) => setTimeout(resolve, 300))
    wire.weather = CALM
    const known = () => a.presence.elsewhere(bob.id)
    expect(known()).toBe(0)
    await expect.poll(known, { timeout: REPAIRED_WITHIN_MS }).toBe(20)
    wire.isDown = true
    for (const tab of tabs.slice(5)) tab.close()
    await new Promise((resolve) => setTimeout(resolve, 300))
    wire.isDown = false
    await expect.poll(known, { timeout: 3000 }).toBe(5)
  }, 20_000)
})

describe('typing over two nodes', () => {
  it('is shown where the chat is open, ended at once, and by the message', async () => {
    const { ann, bob, chatId, a, b, annTab } = await pair()
    const tab = connect(b, bob.id)
    a.openChats.open(chatId, { user: ann.id, connection: annTab.connection })
    const typists = () => annTab.typing.map(({ users }) => users.map(({ userId }) => userId))
    await b.run('startTyping', bob.actor, { chatId }, tab.connection)
    await expect.poll(typists).toEqual([[bob.id]])
    await b.run('stopTyping', bob.actor, { chatId }, tab.connection)
    await expect.poll(typists).toEqual([[bob.id], []])
    await b.run('startTyping', bob.actor, { chatId }, tab.connection)
    await expect.poll(typists).toEqual([[bob.id], [], [bob.id]])
    await open.say(bob.actor, chatId, 'done')
    await expect.poll(typists).toEqual([[bob.id], [], [bob.id], []])
  })

  it('ends when its socket goes, and by itself when nothing more is heard', async () => {
    const { ann, bob, chatId, a, b, annTab } = await pair()
    a.openChats.open(chatId, { user: ann.id, connection: annTab.connection })
    const last = () => annTab.typing.at(-1)?.users.length
    const gone = connect(b, bob.id)
    await b.run('startTyping', bob.actor, { chatId }, gone.connection)
    await expect.poll(last).toBe(1)
    gone.close()
    await expect.poll(last).toBe(0)
    const cut = connect(b, bob.id)
    await b.run('startTyping', bob.actor, { chatId }, cut.connection)
    await expect.poll(last).toBe(1)
    wire.isDown = true
    await expect.poll(last, { timeout: 8000 }).toBe(0)
  }, 20_000)

  it('is not shown of one who may not write there, whatever a node tells', async () => {
    const { ann, chatId, a, b, annTab } = await pair()
    const eve = await open.person()
    a.openChats.open(chatId, { user: ann.id, connection: annTab.connection })
    const word = { chatId, user: eve.id, connectionId: 'x y', isTyping: true }
    b.bus.tell('presence', { kind: 'typing', words: [word] })
    b.bus.tell('presence', { kind: 'typing', words: [{ ...word, connectionId: annTab.connection.id }] })
    for (const wrong of [null, 'x', { kind: 'typing' }, { kind: 'typing', words: [{ ...word, more: 1 }] }])
      b.bus.tell('presence', wrong)
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(annTab.typing).toEqual([])
  })
})
