/** What people may do with all that is kept about them. */
import type { CommandReply, Media } from '@belfry/protocol'
import { type Person, type Reply, register, sendTo } from '@belfry/testkit'
import { describe, expect, it } from 'vitest'
import { newChat, say, textsOf } from '../support/chats.ts'
import { expectRefusal, expectSuccess } from '../support/expect.ts'
import { useServer } from '../support/use-server.ts'

const context = useServer()
type Page = CommandReply<'exportUser'>

async function exported(person: Person): Promise<Page[]> {
  const pages: Page[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const reply: Reply<Page> = await person.http.get(`/api/auth/me/export${cursor && `?cursor=${cursor}`}`)
    pages.push(expectSuccess(reply))
    cursor = reply.body.nextCursor
  }
  return pages
}

describe('GET /api/auth/me/export', () => {
  it('gives everything that is kept about somebody, and nothing about others', async () => {
    const [ann, bob] = await Promise.all([register(context.server), register(context.server)])
    const { id: chatId } = await newChat(ann, [bob.id], { type: 'group', title: 'Trip' })
    const own = await say(ann, chatId, 'my words', { metadata: { lat: 1 } })
    const other = await say(bob, chatId, 'words of another')
    const path = `/api/chats/${chatId}/messages/${other.id}`
    expectSuccess(await ann.http.put(`${path}/reactions/${encodeURIComponent('👍')}`))
    expectSuccess(await ann.http.put(`/api/blocks/${bob.id}`))
    const report = { chatId, messageId: other.id, reason: 'spam', text: 'look at this' }
    expectSuccess(await ann.http.post('/api/reports', report), 201)
    await sendTo(context.admin, ann, 'kept')
    const { id: archived } = await sendTo(context.admin, ann, 'put away')
    expectSuccess(await ann.http.post('/api/notifications/archive', { id: archived }))
    const { id: later } = await sendTo(context.admin, ann, 'for later')
    const until = new Date(Date.now() + 600_000).toISOString()
    expectSuccess(await ann.http.post('/api/notifications/snooze', { id: later, until }))
    const pages = await exported(ann)
    expect(pages[0]).toMatchObject({
      account: { id: ann.id, email: ann.email },
      chats: [{ chatId, type: 'group', title: 'Trip', role: 'owner', isCreator: true }],
      reactions: [{ messageId: other.id, emoji: '👍' }],
      blocks: [bob.id],
      reports: [report],
      media: [] as Media[],
      messages: [{ id: own.id, chatId, seq: 1, content: 'my words', metadata: { lat: 1 } }],
    })
    expect(pages.slice(1).map((page) => page.account)).toEqual([undefined, undefined, undefined])
    const notifications = pages.flatMap((page) => page.notifications.map(({ message }) => message))
    expect(notifications.sort()).toEqual(['for later', 'kept', 'put away'])
    expect(JSON.stringify(pages)).not.toContain('words of another')
    expect(JSON.stringify(pages)).not.toContain(bob.email)
  })

  it('comes in pages', async () => {
    const [ann, bob] = await Promise.all([register(context.server), register(context.server)])
    const { id: chatId } = await newChat(ann, [bob.id])
    const wanted = Array.from({ length: 501 }, (_, at) => `message ${at}`)
    for (let at = 0; at < wanted.length; at += 50)
      await Promise.all(wanted.slice(at, at + 50).map((content) => say(ann, chatId, content)))
    const pages = await exported(ann)
    expect(pages.map(({ messages }) => messages.length)).toEqual([500, 1, 0, 0, 0])
    const found = pages.flatMap(({ messages }) => messages.map(({ content }) => content))
    expect(new Set(found)).toEqual(new Set(wanted))
  })

  it('takes only its own cursors', async () => {
    const ann = await register(context.server)
    for (const cursor of [
      'x',
      Buffer.from('elsewhere:1').toString('base64url'),
      Buffer.from('inbox:1').toString('base64url'),
    ])
      expectRefusal(await ann.http.get(`/api/auth/me/export?cursor=${cursor}`), 400, 'validation_failed')
  })
})

describe('DELETE /api/auth/me', () => {
  it('takes the account and all that was said away, for who knows the password', async () => {
    const [ann, bob] = await Promise.all([register(context.server), register(context.server)])
    const { id: chatId } = await newChat(ann, [bob.id])
    await say(ann, chatId, 'soon gone')
    await say(bob, chatId, 'stays')
    const erase = (json: object) => ann.http.request('DELETE', '/api/auth/me', { json })
    expectRefusal(await erase({}), 403, 'forbidden')
    expectRefusal(await erase({ password: 'not the password' }), 403, 'forbidden')
    expect(await textsOf(bob, chatId)).toEqual(['soon gone', 'stays'])
    expectSuccess(await erase({ password: ann.password }))
    expect(await textsOf(bob, chatId)).toEqual(['', 'stays'])
    expectRefusal(await ann.http.get('/api/auth/me'), 401, 'unauthorized')
    const login = { email: ann.email, password: ann.password }
    expectRefusal(await ann.http.post('/api/auth/login', login), 401, 'unauthorized')
  })
})
