import { describe, expect, it } from 'vitest'
import { refusal, withPeople } from '../accounts/test/with-people.ts'
import type { Actor } from '../core/actor.ts'
import type { ChatFacts, Contacts, SightAsked } from './queries.ts'

const open = await withPeople({ RATE_LIMIT: 'off' })
const { run, store, system, entries } = open

let count = 0
/** People without a password, who are made quickly. */
async function people(howMany: number): Promise<string[]> {
  const ids = Array.from({ length: howMany }, () => `person-${count++}`)
  await system('ensureUsers', { ids, roles: ['user'] })
  return ids
}
const actorOf = (id: string): Actor => ({ kind: 'user', id, roles: ['user'], sessionId: '' })
const act = (user: string, command: string, input: object) => store.transact(command, actorOf(user), input)

async function group(creator: string, others: string[]): Promise<string> {
  const input = { memberIds: others.slice(0, 99), type: 'group' }
  const { chat } = (await act(creator, 'createChat', input)) as { chat: { id: string } }
  for (let at = 99; at < others.length; at += 100)
    await act(creator, 'addMembers', { chatId: chat.id, userIds: others.slice(at, at + 100) })
  return chat.id
}

const contactsOf = async (user: string) => (await store.read('contactsOf', { user })) as Contacts
const visible = async (asked: SightAsked) =>
  ((await store.read('mayBeSeen', { asked: [asked] })) as string[][])[0]?.toSorted()

async function pair(): Promise<[string, string, string]> {
  const [a = '', b = ''] = await people(2)
  const { chat } = (await act(a, 'createChat', { memberIds: [b] })) as { chat: { id: string } }
  return [a, b, chat.id]
}

describe('who may see whom', () => {
  it('is who shares a chat of up to 200 members, now', async () => {
    const all = await people(201)
    const [first = '', second = '', ...rest] = all
    const chat = await group(first, all.slice(1, 200))
    expect((await contactsOf(second)).sharers).toHaveLength(199)
    await act(first, 'addMembers', { chatId: chat, userIds: [all[200]] })
    expect(await contactsOf(second)).toEqual({ chats: [chat], sharers: [] })
    expect(await visible({ viewer: second, isStaff: false, users: [first, ...rest.slice(0, 5)] })).toEqual([])
    await act(first, 'removeMembers', { chatId: chat, userIds: [all[200]] })
    expect(await visible({ viewer: second, isStaff: false, users: [first, 'nobody'] })).toEqual([first])
    await act(second, 'leaveChat', { chatId: chat })
    expect(await contactsOf(second)).toEqual({ chats: [], sharers: [] })
    expect(await visible({ viewer: first, isStaff: false, users: [second] })).toEqual([])
  })

  it('is oneself and, for staff, everyone there is', async () => {
    const [a = '', b = ''] = await people(2)
    expect(await visible({ viewer: a, isStaff: false, users: [a, b] })).toEqual([a])
    expect(await visible({ viewer: a, isStaff: true, users: [a, b, 'nobody'] })).toEqual([a, b].sort())
  })

  it('is not one who has blocked, nor one who is blocked, also for staff', async () => {
    const [a, b] = await pair()
    await act(a, 'blockUser', { userId: b })
    for (const [viewer, user] of [
      [a, b],
      [b, a],
    ] as const) {
      for (const isStaff of [false, true])
        expect(await visible({ viewer, isStaff, users: [user] })).toEqual([])
      expect((await contactsOf(viewer)).sharers).toEqual([])
    }
    await act(a, 'unblockUser', { userId: b })
    expect((await contactsOf(b)).sharers).toEqual([a])
  })
})

describe('what a user wishes', () => {
  it('is kept, told on the own topic once for each change, and over at its time', async () => {
    const [user = ''] = await people(1)
    const told = () =>
      entries
        .filter(({ topic, kind }) => topic === `user:${user}` && kind === 'presence.set')
        .map(({ data }) => data)
    await act(user, 'setPresence', { status: 'dnd', text: 'busy' })
    await act(user, 'setPresence', { status: 'dnd' })
    await act(user, 'setPresence', { status: 'online' })
    const until = new Date(Date.now() + 60_000).toISOString()
    await act(user, 'setPresence', { status: 'away', text: null, until })
    expect(told()).toEqual([
      { status: 'dnd', text: 'busy', until: null },
      { status: null, text: 'busy', until: null },
      { status: 'away', text: null, until },
    ])
    const [durable] = (await store.read('durableOf', { users: [user] })) as unknown[]
    expect(durable).toEqual({
      wish: { status: 'away', text: null, until: Date.parse(until) },
      lastActive: null,
    })
    const late = act(user, 'setPresence', { status: 'dnd', until: new Date(0).toISOString() })
    expect(await refusal(late)).toMatchObject({ code: 'validation_failed' })
  })

  it('and the last activity do not overwrite each other, and of nobody nothing is kept', async () => {
    const { id, actor } = await open.person()
    await store.transact('setPresence', actor, { status: 'dnd' })
    await system('noteActive', { active: [[id, 1000]] })
    await store.transact('setPresence', actor, { status: 'away' })
    const durable = { wish: { status: 'away', text: null, until: null }, lastActive: 1000 }
    expect(await store.read('durableOf', { users: [id, 'nobody'] })).toEqual([
      durable,
      { wish: { status: null, text: null, until: null }, lastActive: null },
    ])
    const gone = await open.person()
    await run('deleteUser', { id: gone.id }, (await open.admin()).actor)
    const users = ['nobody', gone.id]
    await system('noteActive', { active: users.map((user) => [user, 1000]) })
    expect(await store.read('durableOf', { users })).toMatchObject([
      { lastActive: null },
      { lastActive: null },
    ])
  })
})

describe('what typing asks of a chat', () => {
  it('is its state, its members with their names, and who hears nothing of whom', async () => {
    const { id: a, email } = await open.person()
    const [b = '', c = '', d = ''] = await people(3)
    const chat = await group(a, [b, c, d])
    await act(a, 'updateMembers', { chatId: chat, userIds: [c], role: 'observer' })
    await act(b, 'blockUser', { userId: a })
    await act(d, 'leaveChat', { chatId: chat })
    const facts = (await store.read('chatFactsOf', { chatId: chat })) as ChatFacts
    expect(facts).toMatchObject({ state: 'open', memberCount: 3, blocks: [[b, a]] })
    expect(facts.members.toSorted((x, y) => x.name.localeCompare(y.name))).toEqual(
      [
        { userId: a, name: email.split('@')[0] ?? '', isWriter: true, mutedUntil: null },
        { userId: b, name: b, isWriter: true, mutedUntil: null },
        { userId: c, name: c, isWriter: false, mutedUntil: null },
      ].sort((x, y) => x.name.localeCompare(y.name)),
    )
    expect(await store.read('chatFactsOf', { chatId: 'no-such-chat' })).toBeUndefined()
  })
})
