/** chat-presence.md §11 with native clients: who is told what of whom, and when. */
import { type Ack, freshName, type Person, register, type SocketRecorder } from '@belfry/testkit'
import { describe, expect, it } from 'vitest'
import { chatOf, native } from '../support/chat-pages.ts'
import { expectRefusedAck } from '../support/expect.ts'
import { useServer } from '../support/use-server.ts'

const GRACE_S = 1
/** What `lastActive` is for one who is there, or was a moment ago. */
const MINUTE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:00\.000Z$/

interface Seen {
  userId: string
  status: string
  isOnline: boolean
  lastActive: string | null
  text?: string
  version: number
}

const context = useServer({ env: { PRESENCE_GRACE_SECONDS: String(GRACE_S) } })
const person = () => register(context.server)
const open = (one: Person, more?: Record<string, unknown>) => native(context.server, one, more)

/** A chat of two, of whom the first watches the second. */
async function pair() {
  const [ann, bob] = await Promise.all([person(), person()])
  const chatId = await chatOf(ann, bob)
  const watcher = await open(ann)
  return { ann, bob, chatId, watcher }
}

const seenIn = ({ data }: Ack) => (data as { presence: Seen[] }).presence
const watch = async (socket: SocketRecorder, ...people: Person[]) =>
  seenIn(await socket.ack('watchPresence', { userIds: people.map(({ id }) => id) }))

const changesOf = (socket: SocketRecorder, { id }: Person) =>
  socket
    .all<{ changes: Seen[] }>('presence')
    .flatMap(({ changes }) => changes)
    .filter(({ userId }) => userId === id)

async function change(socket: SocketRecorder, one: Person, status: string): Promise<Seen> {
  const fits = ({ changes }: { changes: Seen[] }) =>
    changes.some(({ userId, status: is }) => userId === one.id && is === status)
  const { changes } = await socket.event('presence', fits)
  return changes.find(({ userId, status: is }) => userId === one.id && is === status) as Seen
}

describe('a watcher', () => {
  it('gets a snapshot, hears of the first connection within 1 s, and of the end after the grace', async () => {
    const { bob, watcher } = await pair()
    const [before] = await watch(watcher, bob)
    expect(before).toMatchObject({ userId: bob.id, status: 'offline', isOnline: false, lastActive: null })
    const at = performance.now()
    const tab = await open(bob)
    const online = await change(watcher, bob, 'online')
    expect(performance.now() - at).toBeLessThan(1500)
    expect(online).toMatchObject({ isOnline: true, lastActive: expect.stringMatching(MINUTE) })
    const closedAt = performance.now()
    tab.close()
    const offline = await change(watcher, bob, 'offline')
    expect(performance.now() - closedAt).toBeGreaterThanOrEqual(GRACE_S * 1000 - 50)
    expect(offline).toMatchObject({ isOnline: false, lastActive: expect.stringMatching(MINUTE) })
    const versions = [before, online, offline].map((seen) => seen?.version ?? 0)
    expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b))
  })

  it('hears nothing of somebody who comes back within the grace, nor of a second tab', async () => {
    const { bob, watcher } = await pair()
    const first = await open(bob)
    expect(await watch(watcher, bob)).toMatchObject([{ status: 'online' }])
    first.close()
    const second = await open(bob)
    const third = await open(bob)
    second.close()
    await new Promise((resolve) => setTimeout(resolve, GRACE_S * 2000))
    expect(changesOf(watcher, bob)).toEqual([])
    third.close()
    await change(watcher, bob, 'offline')
  })

  it('no longer hears of whom it does not watch any more', async () => {
    const { ann, bob, watcher } = await pair()
    const carl = await person()
    await chatOf(ann, carl)
    await watch(watcher, bob, carl)
    expect(await watcher.ack('unwatchPresence', { userIds: [bob.id] })).toMatchObject({ ok: true })
    await open(bob)
    await open(carl)
    await change(watcher, carl, 'online')
    expect(changesOf(watcher, bob)).toEqual([])
  })

  it('may watch 200 people on one socket and no more', async () => {
    const { watcher } = await pair()
    const ids = (count: number) => Array.from({ length: count }, () => freshName())
    for (let round = 0; round < 2; round++)
      expect(await watcher.ack('watchPresence', { userIds: ids(100) })).toMatchObject({ ok: true })
    expectRefusedAck(await watcher.ack('watchPresence', { userIds: ids(1) }), 'validation_failed')
  })
})

describe('what a user wishes', () => {
  it('is shown to others with its text, and survives a restart of the server', async () => {
    const { ann, bob, watcher } = await pair()
    const tab = await open(bob)
    await watch(watcher, bob)
    const { data } = await tab.ack('setPresence', { status: 'dnd', text: 'In a meeting' })
    expect(data).toMatchObject({ presence: { status: 'dnd', text: 'In a meeting', isOnline: true } })
    expect(await change(watcher, bob, 'dnd')).toMatchObject({ text: 'In a meeting' })
    await tab.event('entries', ({ entries }: { entries: { kind: string }[] }) =>
      entries.some(({ kind }) => kind === 'presence.set'),
    )
    for (const socket of [tab, watcher]) socket.close()
    await context.server.restart('SIGKILL')
    await open(bob)
    const again = await open(ann)
    expect(await watch(again, bob)).toMatchObject([{ status: 'dnd', text: 'In a meeting' }])
  }, 60_000)

  it('to be invisible looks like leaving, and nothing of it is told afterwards', async () => {
    const { ann, bob, watcher } = await pair()
    const tab = await open(bob)
    await watch(watcher, bob)
    await tab.ack('setPresence', { status: 'invisible', text: 'hidden' })
    const gone = await change(watcher, bob, 'offline')
    expect(gone).not.toHaveProperty('text')
    const told = changesOf(watcher, bob).length
    tab.close()
    const back = await open(bob)
    await new Promise((resolve) => setTimeout(resolve, GRACE_S * 2000))
    expect(changesOf(watcher, bob)).toHaveLength(told)
    expect(seenIn(await (await open(ann)).ack('getPresence', { userIds: [bob.id] }))).toEqual([
      { ...gone, version: expect.any(Number) },
    ])
    await back.ack('setPresence', { status: 'online', text: null })
    expect(await change(watcher, bob, 'online')).not.toHaveProperty('text')
  })

  it('ends at its time', async () => {
    const { bob, watcher } = await pair()
    const tab = await open(bob)
    await watch(watcher, bob)
    const until = new Date(Date.now() + 1500).toISOString()
    await tab.ack('setPresence', { status: 'away', until })
    await change(watcher, bob, 'away')
    await change(watcher, bob, 'online')
    const past = new Date(Date.now() - 1).toISOString()
    expectRefusedAck(await tab.ack('setPresence', { status: 'dnd', until: past }), 'validation_failed')
  })

  it('can be told and asked over REST', async () => {
    const { ann, bob } = await pair()
    await open(bob)
    const set = await bob.http.put('/api/presence', { status: 'dnd' })
    expect(set).toMatchObject({ status: 200, body: { success: true, presence: { status: 'dnd' } } })
    const asked = await ann.http.get(`/api/presence?userIds=${bob.id},nobody-at-all`)
    expect(asked.body).toMatchObject({
      presence: [
        { userId: bob.id, status: 'dnd' },
        { userId: 'nobody-at-all', status: 'offline', version: 0 },
      ],
    })
  })
})

describe('an idle device', () => {
  it('alone shows its user as away when it comes, and as online with the first sign of life', async () => {
    const { bob, watcher } = await pair()
    await watch(watcher, bob)
    const tab = await open(bob, { idle: true })
    await change(watcher, bob, 'away')
    await tab.ack('setIdle', { idle: false })
    await change(watcher, bob, 'online')
  })
})

describe('who may see whom', () => {
  it('strangers and unknown ids look the same: offline, never seen, version 0', async () => {
    const [ann, bob] = await Promise.all([person(), person()])
    await open(bob)
    const socket = await open(ann)
    const nobody = { status: 'offline', isOnline: false, lastActive: null, version: 0 }
    for (const command of ['getPresence', 'watchPresence'])
      expect(seenIn(await socket.ack(command, { userIds: [bob.id, 'unknown'] }))).toEqual([
        { userId: bob.id, ...nobody },
        { userId: 'unknown', ...nobody },
      ])
  })

  it('staff sees everyone', async () => {
    const bob = await person()
    await open(bob)
    const socket = await open(context.admin)
    expect(await watch(socket, bob)).toMatchObject([{ status: 'online' }])
  })

  it('a chat that begins or ends while they watch changes it, within a second or so', async () => {
    const [ann, bob, carl] = await Promise.all([person(), person(), person()])
    await open(bob)
    const watcher = await open(ann)
    expect(await watch(watcher, bob)).toMatchObject([{ status: 'offline' }])
    const chatId = await chatOf(ann, bob, carl)
    const shown = await change(watcher, bob, 'online')
    await bob.http.post(`/api/chats/${chatId}/leave`)
    const hidden = await change(watcher, bob, 'offline')
    expect(hidden).toMatchObject({ lastActive: null })
    expect(hidden.version).toBeGreaterThan(shown.version)
  })

  it('one who blocks and one who is blocked see nothing of each other until it is taken back', async () => {
    const { ann, bob, watcher } = await pair()
    const tab = await open(bob)
    await watch(watcher, bob)
    await watch(tab, ann)
    await ann.http.put(`/api/blocks/${bob.id}`)
    await change(watcher, bob, 'offline')
    await change(tab, ann, 'offline')
    expect(seenIn(await tab.ack('getPresence', { userIds: [ann.id] }))).toMatchObject([
      { status: 'offline', lastActive: null, version: 0 },
    ])
    await ann.http.delete(`/api/blocks/${bob.id}`)
    await change(watcher, bob, 'online')
    await change(tab, ann, 'online')
  })
})
