/** chat-presence.md §6 and §9: reports, and the tester of the rules. */
import type { CommandInput, CommandReply } from '@belfry/protocol'
import { freshName, type Person, register } from '@belfry/testkit'
import { describe, expect, it } from 'vitest'
import { newChat, say, textsOf } from '../support/chats.ts'
import { expectRefusal, expectSuccess } from '../support/expect.ts'
import { useServer } from '../support/use-server.ts'

const context = useServer({ env: { SIGNUP_ROLES: 'user,client,provider' } })
type Page = CommandReply<'listReports'>
type Report = Page['reports'][number]

async function conversation() {
  const [ann, bob] = await Promise.all([register(context.server), register(context.server)])
  const { id: chatId } = await newChat(ann, [bob.id])
  return { ann, bob, chatId, message: await say(ann, chatId, freshName('rude')) }
}
const report = (person: Person, chatId: string, messageId: string, more: object = {}) =>
  person.http.post('/api/reports', { chatId, messageId, reason: 'harassment', ...more })
const reports = (query = '') => context.admin.http.get<Page>(`/api/admin/reports${query}`)
const resolve = (id: string, json: object) =>
  context.admin.http.request<{ report: Report }>('PATCH', `/api/admin/reports/${id}`, { json })
async function reportOf(messageId: string, query = ''): Promise<Report> {
  const found = expectSuccess(await reports(query)).reports.filter((one) => one.messageId === messageId)
  expect(found).toHaveLength(1)
  // Asserted above.
  return found[0] as Report
}

describe('a report', () => {
  it('shows an admin what was said, and nobody who has reported it', async () => {
    const { ann, bob, chatId, message } = await conversation()
    expectSuccess(await report(bob, chatId, message.id, { text: 'see yourself' }), 201)
    expectRefusal(await report(bob, chatId, message.id), 409, 'already_exists')
    expect(await reportOf(message.id)).toMatchObject({
      ...{ chatId, reason: 'harassment', text: 'see yourself', state: 'open' },
      message: { senderId: ann.id, seq: 1, content: message.content },
    })
    expect((await reports()).text).not.toContain(bob.id)
    for (const path of [`/api/chats/${chatId}`, '/api/chats', '/api/notifications'])
      expect((await ann.http.get(path)).text).not.toContain('see yourself')
  })

  it('is closed once, and can be made anew', async () => {
    const { bob, chatId, message } = await conversation()
    expectSuccess(await report(bob, chatId, message.id), 201)
    const { id } = await reportOf(message.id)
    const reply = expectSuccess(await resolve(id, { state: 'dismissed' }))
    expect(reply.report).toMatchObject({ id, state: 'dismissed', message: { content: message.content } })
    expectRefusal(await resolve(id, { state: 'resolved' }), 404, 'not_found')
    expectRefusal(await resolve('unknown', { state: 'resolved' }), 404, 'not_found')
    expect(expectSuccess(await reports()).reports.map((one) => one.messageId)).not.toContain(message.id)
    expect((await reportOf(message.id, '?state=dismissed')).id).toBe(id)
    expectSuccess(await report(bob, chatId, message.id), 201)
  })

  it('takes its message away for everyone where an admin says so', async () => {
    const { ann, bob, chatId, message } = await conversation()
    expectSuccess(await report(bob, chatId, message.id), 201)
    const { id } = await reportOf(message.id)
    const reply = expectSuccess(await resolve(id, { state: 'resolved', deleteMessage: true }))
    expect(reply.report).toMatchObject({ state: 'resolved', message: { content: '' } })
    for (const person of [ann, bob]) {
      expect(await textsOf(person, chatId)).toEqual([''])
      expect((await person.http.get('/api/chats')).text).not.toContain(message.content)
    }
  })

  it('comes in pages, the newest first', async () => {
    const { ann, bob, chatId } = await conversation()
    const ids: string[] = []
    for (let seq = 2; seq < 5; seq++) {
      const { id } = await say(ann, chatId, `rude ${seq}`)
      expectSuccess(await report(bob, chatId, id), 201)
      ids.unshift(id)
    }
    const found: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page: Page = expectSuccess(await reports(`?state=all&limit=2${cursor && `&cursor=${cursor}`}`))
      expect(page.reports.length).toBeLessThanOrEqual(2)
      found.push(...page.reports.map((one) => one.messageId))
      cursor = page.nextCursor
    }
    expect(found.slice(0, 3)).toEqual(ids)
    expect(new Set(found).size).toBeGreaterThanOrEqual(3)
  })
})

describe('the tester of the rules', () => {
  type Reply = CommandReply<'testPolicy'>
  const ask = (json: CommandInput<'testPolicy'>) =>
    context.admin.http.post<Reply>('/api/admin/policy/test', json)
  const decide = async (json: CommandInput<'testPolicy'>) => expectSuccess(await ask(json)).decision
  const asClient = { actor: { kind: 'client' }, counterpart: { kind: 'provider' } } as const

  it('names the rule that decides', async () => {
    expect(await decide({})).toEqual({ effect: 'allow' })
    expect(await decide({ assumed: { facts: { blockedEither: true } } })).toMatchObject({
      ...{ effect: 'deny', rule: 'blockList', code: 'blocked' },
    })
    expect(await decide({ assumed: { membership: { role: 'observer' } } })).toMatchObject({
      ...{ effect: 'deny', rule: 'memberRoles', code: 'chat_readonly' },
    })
    expect(await decide({ assumed: { chat: { state: 'closed' } } })).toMatchObject({ rule: 'writableStates' })
    const message = { content: 'call 5551234567' }
    expect(await decide({ assumed: asClient, message })).toEqual({
      ...{ effect: 'allow', rule: 'contactInfo', policyNotice: 'Contact details were hidden.' },
      transform: { content: 'call •••' },
    })
    const paidAt = new Date(Date.now() - 1000).toISOString()
    const paid = { ...asClient, chat: { context: { kind: 'order' as const, id: 'o', paidAt } } }
    expect(await decide({ assumed: paid, message })).toEqual({ effect: 'allow' })
  })

  it('names all rules, and what would be allowed', async () => {
    const reply = expectSuccess(await ask({ assumed: { ...asClient, facts: { actorMessages: 1 } } }))
    expect(reply.rules).toEqual([
      ...['memberRoles', 'membersOnly', 'blockList', 'clientMustStart', 'writableStates', 'contactInfo'],
    ])
    expect(reply.decision).toMatchObject({ effect: 'deny', rule: 'clientMustStart' })
    expect(reply.capabilities).not.toContain('postMessage')
    expect(reply.capabilities).toContain('listMessages')
  })

  it('knows how things stand in a chat, and changes nothing', async () => {
    const [client, provider] = await Promise.all([
      register(context.server, { role: 'client' }),
      register(context.server, { role: 'provider' }),
    ])
    const { id: chatId } = await newChat(client, [provider.id])
    const asked = { chatId, userId: client.id, message: { content: 'one' } }
    expect(await decide(asked)).toEqual({ effect: 'allow' })
    expect(await textsOf(client, chatId)).toEqual([])
    await say(client, chatId, 'one')
    expect(await decide(asked)).toMatchObject({ rule: 'clientMustStart' })
    expect(await decide({ ...asked, assumed: { facts: { counterpartMessages: 1 } } })).toEqual({
      effect: 'allow',
    })
  })

  it('refuses what it cannot judge', async () => {
    const { ann, chatId } = await conversation()
    expectRefusal(await ask({ chatId, userId: 'stranger' }), 404, 'not_found')
    expectRefusal(await ask({ chatId: 'unknown', userId: ann.id }), 404, 'not_found')
    expectRefusal(await ask({ chatId }), 400, 'validation_failed')
    expectRefusal(
      await context.admin.http.post('/api/admin/policy/test', { action: 'fly' }),
      400,
      'validation_failed',
    )
  })
})
