/** chat-presence.md §6 and contract.md §6: chats over HTTP, as their people use them. */
import { type Chat, type CommandReply, commands, type Member, type Message } from '@belfry/protocol'
import { freshName, type HttpClient, http, type Person, type Reply, register } from '@belfry/testkit'
import { describe, expect, it } from 'vitest'
import { newChat, post, say, textsOf } from '../support/chats.ts'
import { expectRefusal, expectSuccess, TIME } from '../support/expect.ts'
import { useServer } from '../support/use-server.ts'

const context = useServer()
const people = (count: number): Promise<Person[]> =>
  Promise.all(Array.from({ length: count }, () => register(context.server)))
const patch = <T>({ http }: Person, path: string, json: unknown = {}): Promise<Reply<T>> =>
  http.request('PATCH', path, { json })
const del = <T>({ http }: Person, path: string, json?: unknown): Promise<Reply<T>> =>
  http.request('DELETE', path, json === undefined ? {} : { json })
const get = async <T>({ http }: Person, path: string): Promise<T> =>
  expectSuccess(await http.get<T & { success: boolean }>(path))

/** Somebody who has made a group with one other, and said something there. */
async function group() {
  const [ann, bob] = (await people(2)) as [Person, Person]
  const { id } = await newChat(ann, [bob.id], { type: 'group', title: 'Ours' })
  return { ann, bob, id, path: `/api/chats/${id}`, message: await say(ann, id, 'hello') }
}

describe('POST /api/chats', () => {
  it('makes a direct chat of a pair once, whichever of them asks', async () => {
    const [ann, bob] = (await people(2)) as [Person, Person]
    const made = await ann.http.post<CommandReply<'createChat'>>('/api/chats', { memberIds: [bob.id] })
    const { chat, created } = expectSuccess(made, 201)
    expect(created).toBe(true)
    expect(chat).toMatchObject({ type: 'direct', state: 'open', memberCount: 2, lastSeq: 0, unread: 0 })
    expect(new Set(chat.memberIds)).toEqual(new Set([ann.id, bob.id]))
    expect(chat.updatedAt).toMatch(TIME)
    for (const [who, other] of [
      [ann, bob],
      [bob, ann],
    ] as const) {
      const again = await who.http.post<CommandReply<'createChat'>>('/api/chats', {
        memberIds: [other.id, who.id],
      })
      expect(expectSuccess(again)).toMatchObject({ created: false, chat: { id: chat.id } })
    }
  })

  it('makes a group of more, with its maker as owner', async () => {
    const [ann, bob, cyd] = (await people(3)) as [Person, Person, Person]
    const chat = await newChat(ann, [bob.id, cyd.id, bob.id])
    expect(chat).toMatchObject({ type: 'group', memberCount: 3 })
    const { members } = await get<{ members: Member[] }>(bob, `/api/chats/${chat.id}/members`)
    const roles = Object.fromEntries(members.map(({ userId, role }) => [userId, role]))
    expect(roles).toEqual({ [ann.id]: 'owner', [bob.id]: 'member', [cyd.id]: 'member' })
    expect(members.every(({ joinedAt }) => TIME.test(joinedAt))).toBe(true)
  })

  it('with a clientId makes one group, and with an idempotency key gives the first reply', async () => {
    const [ann, bob] = (await people(2)) as [Person, Person]
    const body = { memberIds: [bob.id], type: 'group', clientId: freshName() }
    const first = await newChat(ann, [bob.id], body)
    expect((await newChat(ann, [bob.id], body)).id).toBe(first.id)
    const keyed = { memberIds: [bob.id], type: 'group', idempotencyKey: freshName() }
    const replies = [await ann.http.post('/api/chats', keyed), await ann.http.post('/api/chats', keyed)]
    expect(replies[1]?.text).toBe(replies[0]?.text)
    expectRefusal(await ann.http.post('/api/chats', { ...keyed, title: 'x' }), 409, 'idempotency_conflict')
  })

  const refused: [what: string, body: object, status: number, code: string][] = [
    ['nobody else', { memberIds: [] }, 400, 'validation_failed'],
    ['no list', { memberIds: 'ann' }, 400, 'validation_failed'],
    ['a direct chat of three', { memberIds: ['a', 'b'], type: 'direct' }, 400, 'validation_failed'],
    ['somebody who is no user', { memberIds: ['nobody-there'] }, 404, 'not_found'],
    ['an id that is none', { memberIds: ['a b'] }, 400, 'validation_failed'],
    ['a key of the server', { memberIds: ['a'], lastSeq: 7 }, 400, 'validation_failed'],
    ['a blank title', { memberIds: ['a'], title: ' ' }, 400, 'validation_failed'],
  ]
  for (const [what, body, status, code] of refused) {
    it(`with ${what} is refused with ${status}`, async () => {
      const [ann] = (await people(1)) as [Person]
      expectRefusal(await ann.http.post('/api/chats', body), status, code)
      expect((await get<CommandReply<'listChats'>>(ann, '/api/chats')).chats).toEqual([])
    })
  }
})

describe('GET /api/chats', () => {
  it('lists them page by page, the latest first, with exact numbers', async () => {
    const [ann, ...others] = (await people(5)) as [Person, ...Person[]]
    const ids: string[] = []
    for (const other of others) {
      const { id } = await newChat(other, [ann.id])
      await say(other, id, `from ${other.id}`)
      ids.unshift(id)
    }
    const found: Chat[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: CommandReply<'listChats'> = await get(
        ann,
        `/api/chats?limit=3${cursor && `&cursor=${cursor}`}`,
      )
      expect(page.counts.total).toEqual({ unread: 4, chats: 4, mentions: 0 })
      found.push(...page.chats)
      cursor = page.nextCursor
    }
    expect(found.map(({ id }) => id)).toEqual(ids)
    expect(found.every(({ unread, lastMessage }) => unread === 1 && lastMessage?.seq === 1)).toBe(true)
    const [first = ''] = ids
    await ann.http.post(`/api/chats/${first}/read`)
    const unread = await get<CommandReply<'listChats'>>(ann, '/api/chats?filter=unread')
    expect(unread.chats.map(({ id }) => id)).toEqual(ids.slice(1))
    for (const query of ['limit=0', 'limit=101', 'filter=other', 'cursor=x', 'user=other'])
      expectRefusal(await ann.http.get(`/api/chats?${query}`), 400, 'validation_failed')
  })
})

describe('a chat', () => {
  it('GET opens it with members and messages, PATCH changes it for its leaders', async () => {
    const { ann, bob, id, path } = await group()
    const opened = await get<CommandReply<'openChat'>>(bob, path)
    expect(commands.openChat.output.parse(opened)).toMatchObject({ chat: { id, title: 'Ours', unread: 1 } })
    expect(opened).toMatchObject({ firstUnreadSeq: 1, messages: [{ content: 'hello' }] })
    expect(opened.members).toHaveLength(2)
    expect(opened.chat.capabilities).not.toContain('updateChat')
    expectRefusal(await patch(bob, path, { title: 'Mine' }), 403, 'forbidden')
    const { chat } = expectSuccess(
      await patch<{ chat: Chat }>(ann, path, { title: 'All', state: 'readonly' }),
    )
    expect(chat).toMatchObject({ title: 'All', state: 'readonly' })
    expectRefusal(await post(ann, id, 'still?'), 403, 'chat_readonly')
    expectRefusal(await patch(ann, path, { state: 'away' }), 400, 'validation_failed')
  })

  it('POST /read and /unread move numbers, and never a mark back', async () => {
    const { ann, bob, id, path } = await group()
    await say(ann, id, 'two')
    const read = await bob.http.post<CommandReply<'markChatRead'>>(`${path}/read`, { upToSeq: 1 })
    expect(expectSuccess(read)).toMatchObject({ lastReadSeq: 1, counts: { chats: { [id]: { unread: 1 } } } })
    const lower = await bob.http.post<CommandReply<'markChatRead'>>(`${path}/read`, { upToSeq: 0 })
    expect(expectSuccess(lower).lastReadSeq).toBe(1)
    expect(expectSuccess(await bob.http.post<CommandReply<'markChatRead'>>(`${path}/read`)).lastReadSeq).toBe(
      2,
    )
    const unread = await bob.http.post<CommandReply<'markChatUnread'>>(`${path}/unread`, { fromSeq: 2 })
    expect(expectSuccess(unread).counts.total.unread).toBe(1)
    const { messages } = await get<{ messages: Message[] }>(ann, `${path}/messages`)
    expect(messages.map(({ isRead }) => isRead)).toEqual([true, true])
    for (const body of [{ fromSeq: 0 }, { fromSeq: 3 }, {}, { fromSeq: 1.5 }])
      expectRefusal(await bob.http.post(`${path}/unread`, body), 400, 'validation_failed')
    expectRefusal(await bob.http.post(`${path}/read`, { upToSeq: -1 }), 400, 'validation_failed')
  })

  it('PATCH /prefs is for oneself alone', async () => {
    const { ann, bob, path, id } = await group()
    const reply = await patch<CommandReply<'setChatPrefs'>>(bob, `${path}/prefs`, {
      ...{ notify: 'mentions', mutedUntil: 'forever', hidden: true },
    })
    const { prefs, counts } = expectSuccess(reply)
    expect(prefs).toEqual({
      notify: 'mentions',
      mutedUntil: 'forever',
      hiddenAt: expect.stringMatching(TIME),
    })
    expect(counts).toMatchObject({ chats: { [id]: { unread: 1 } }, total: { unread: 0 } })
    expect((await get<CommandReply<'listChats'>>(bob, '/api/chats')).chats).toEqual([])
    expect((await get<CommandReply<'openChat'>>(ann, path)).chat.prefs).toEqual({ notify: 'all' })
    expectRefusal(await patch(bob, `${path}/prefs`, { mutedUntil: 'soon' }), 400, 'validation_failed')
  })

  it('POST /leave ends it for good, and what was read stays readable', async () => {
    const { ann, bob, id, path } = await group()
    for (let times = 0; times < 2; times++) expectSuccess(await bob.http.post(`${path}/leave`))
    await say(ann, id, 'gone?')
    expect(await textsOf(bob, id)).toEqual(['hello'])
    expectRefusal(await post(bob, id, 'back'), 403, 'not_participant')
    expectRefusal(await bob.http.post(`${path}/read`), 403, 'not_participant')
    expect((await get<CommandReply<'listChats'>>(bob, '/api/chats')).chats).toEqual([])
  })
})

describe('members', () => {
  it('are added, changed and removed by their leaders', async () => {
    const { ann, bob, path, id } = await group()
    const [cyd, dan] = (await people(2)) as [Person, Person]
    const added = await ann.http.post<{ members: Member[] }>(`${path}/members`, { userIds: [cyd.id, dan.id] })
    expect(
      expectSuccess(added)
        .members.map(({ userId }) => userId)
        .sort(),
    ).toEqual([cyd.id, dan.id].sort())
    expect(await textsOf(cyd, id)).toEqual([])
    const changed = await patch<{ members: Member[] }>(ann, `${path}/members/${cyd.id}`, {
      role: 'moderator',
    })
    expect(expectSuccess(changed).members).toMatchObject([{ userId: cyd.id, role: 'moderator' }])
    expectRefusal(await del(bob, `${path}/members/${dan.id}`), 403, 'forbidden')
    expectSuccess(await del(cyd, `${path}/members/${dan.id}`))
    expectRefusal(await del(cyd, `${path}/members/${ann.id}`), 403, 'forbidden')
    const { members } = await get<{ members: Member[] }>(bob, `${path}/members`)
    expect(members.map(({ userId }) => userId)).not.toContain(dan.id)
    expectRefusal(await dan.http.get(`${path}/members`), 403, 'not_participant')
  })

  it('who are removed with their history can read nothing any more', async () => {
    const { ann, bob, path, id } = await group()
    expectSuccess(await del(ann, `${path}/members/${bob.id}`, { removeHistory: true }))
    expect(await textsOf(bob, id)).toEqual([])
    const { hits } = await get<CommandReply<'searchMessages'>>(bob, '/api/messages/search?q=hello')
    expect(hits).toEqual([])
  })

  it('who are no users, not named or named twice are refused', async () => {
    const { ann, bob, path } = await group()
    const at = `${path}/members`
    expectRefusal(await ann.http.post(at, { userIds: ['nobody-there'] }), 404, 'not_found')
    expectRefusal(await ann.http.post(at, {}), 400, 'validation_failed')
    expectRefusal(await ann.http.post(at, { userIds: [] }), 400, 'validation_failed')
    expectRefusal(await patch(ann, `${at}/${bob.id}`, { role: 'king' }), 400, 'validation_failed')
    expectRefusal(await patch(ann, `${at}/nobody-there`, { role: 'member' }), 404, 'not_found')
  })

  it('of a direct chat are its two for ever', async () => {
    const [ann, bob, cyd] = (await people(3)) as [Person, Person, Person]
    const { id } = await newChat(ann, [bob.id])
    const path = `/api/chats/${id}`
    expectRefusal(await ann.http.post(`${path}/members`, { userIds: [cyd.id] }), 403, 'forbidden')
    expectRefusal(await del(ann, `${path}/members/${bob.id}`), 403, 'forbidden')
    expectRefusal(await ann.http.post(`${path}/leave`), 403, 'forbidden')
  })
})

describe('strangers', () => {
  type Ask = (http: HttpClient, chat: string) => Promise<Reply<unknown>>
  const message = freshName('message')
  const asks: Record<string, Ask> = {
    'GET a chat': (http, chat) => http.get(`/api/chats/${chat}`),
    'PATCH a chat': (http, chat) => http.request('PATCH', `/api/chats/${chat}`, { json: { title: 'x' } }),
    'GET messages': (http, chat) => http.get(`/api/chats/${chat}/messages`),
    'POST messages': (http, chat) => http.post(`/api/chats/${chat}/messages`, { content: 'x' }),
    'PATCH a message': (http, chat) =>
      http.request('PATCH', `/api/chats/${chat}/messages/${message}`, { json: { content: 'x' } }),
    'DELETE a message': (http, chat) => http.delete(`/api/chats/${chat}/messages/${message}`),
    'PUT a reaction': (http, chat) => http.put(`/api/chats/${chat}/messages/${message}/reactions/ok`),
    'DELETE a reaction': (http, chat) => http.delete(`/api/chats/${chat}/messages/${message}/reactions/ok`),
    'PUT a pin': (http, chat) => http.put(`/api/chats/${chat}/pins/${message}`),
    'DELETE a pin': (http, chat) => http.delete(`/api/chats/${chat}/pins/${message}`),
    'POST read': (http, chat) => http.post(`/api/chats/${chat}/read`),
    'POST unread': (http, chat) => http.post(`/api/chats/${chat}/unread`, { fromSeq: 1 }),
    'POST leave': (http, chat) => http.post(`/api/chats/${chat}/leave`),
    'PATCH prefs': (http, chat) =>
      http.request('PATCH', `/api/chats/${chat}/prefs`, { json: { hidden: true } }),
    'GET members': (http, chat) => http.get(`/api/chats/${chat}/members`),
    'POST members': (http, chat) => http.post(`/api/chats/${chat}/members`, { userIds: ['x'] }),
    'PATCH a member': (http, chat) =>
      http.request('PATCH', `/api/chats/${chat}/members/x`, { json: { role: 'owner' } }),
    'DELETE a member': (http, chat) => http.delete(`/api/chats/${chat}/members/x`),
    'GET a search': (http, chat) => http.get(`/api/messages/search?q=hello&chatId=${chat}`),
    'POST a report': (http, chat) =>
      http.post('/api/reports', { chatId: chat, messageId: message, reason: 'spam' }),
  }
  for (const [what, ask] of Object.entries(asks)) {
    it(`are told by ${what} what they are told of a chat that does not exist`, async () => {
      const { id } = await group()
      const [eve] = (await people(1)) as [Person]
      const foreign = await ask(eve.http, id)
      expectRefusal(foreign, 404, 'not_found')
      expect(foreign.text).toBe((await ask(eve.http, 'unknown')).text)
    })

    it(`without a token are refused by ${what} before anything else`, async () => {
      const { id } = await group()
      for (const chat of [id, 'unknown'])
        expectRefusal(await ask(http(context.server), chat), 401, 'unauthorized', 'No token')
    })
  }
})

describe('blocks', () => {
  it('are put, listed and taken back, and end what the two say to each other', async () => {
    const [ann, bob] = (await people(2)) as [Person, Person]
    const { id } = await newChat(ann, [bob.id])
    for (let times = 0; times < 2; times++) expectSuccess(await bob.http.put(`/api/blocks/${ann.id}`))
    expect((await get<{ userIds: string[] }>(bob, '/api/blocks')).userIds).toEqual([ann.id])
    expect((await get<{ userIds: string[] }>(ann, '/api/blocks')).userIds).toEqual([])
    for (const one of [ann, bob]) expectRefusal(await post(one, id, 'x'), 403, 'blocked')
    const about = { memberIds: [bob.id], context: { kind: 'order', id: '7' } }
    expectRefusal(await ann.http.post('/api/chats', about), 403, 'blocked')
    for (let times = 0; times < 2; times++) expectSuccess(await bob.http.delete(`/api/blocks/${ann.id}`))
    await say(ann, id, 'again')
    expectRefusal(await bob.http.put('/api/blocks/nobody-there'), 404, 'not_found')
  })
})
