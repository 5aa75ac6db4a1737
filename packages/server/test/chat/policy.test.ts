/** chat-presence.md §2: what may be said between whom, and what an operator may set. */
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Chat, Message } from '@belfry/protocol'
import { type BelfryServer, freshName, type Person, register, tempDir } from '@belfry/testkit'
import { afterAll, describe, expect, it } from 'vitest'
import { newChat, post, say, textsOf } from '../support/chats.ts'
import { expectRefusal, expectSuccess } from '../support/expect.ts'
import { useServer, useServers } from '../support/use-server.ts'

const market = { SIGNUP_ROLES: 'client,provider,staff' }
const pairOf = (server: BelfryServer) =>
  Promise.all([register(server, { role: 'client' }), register(server, { role: 'provider' })])
const patch = <T>({ http }: Person, path: string, json: unknown) => http.request<T>('PATCH', path, { json })

describe('between a client and a provider', () => {
  const context = useServer({ env: market })

  it('the client begins and waits for the answer', async () => {
    const [client, provider] = await pairOf(context.server)
    const made = await provider.http.post('/api/chats', { memberIds: [client.id] })
    expectRefusal(made, 403, 'client_must_start')
    const { id } = await newChat(client, [provider.id])
    expectRefusal(await post(provider, id, 'hello?'), 403, 'client_must_start')
    await say(client, id, 'one')
    expectRefusal(await post(client, id, 'two'), 403, 'client_must_start')
    await say(provider, id, 'yes')
    await say(client, id, 'two')
    expect(await textsOf(client, id)).toEqual(['one', 'yes', 'two'])
  })

  it('contact details are hidden and kept nowhere, and the sender is told', async () => {
    const [client, provider] = await pairOf(context.server)
    const secret = `${freshName('secret')}@example.com`
    const { id } = await newChat(client, [provider.id])
    const reply = expectSuccess(await post(client, id, `write to ${secret}`), 201)
    expect(reply).toMatchObject({ policyNotice: 'Contact details were hidden.' })
    expect(reply.message.content).toBe('write to •••')
    await say(provider, id, 'ok')
    const path = `/api/chats/${id}/messages/${reply.message.id}`
    const edited = await patch<{ message: Message }>(client, path, { content: `again ${secret}` })
    expect(expectSuccess(edited).message.content).toBe('again •••')
    const beside = { media: [{ url: `https://evil.example/${secret}` }], metadata: { note: secret } }
    expect(await say(client, id, 'see', beside)).toMatchObject({ media: [], metadata: { note: '•••' } })
    const titled = await patch<{ chat: Chat }>(client, `/api/chats/${id}`, { title: secret })
    expect(titled.text).not.toContain(secret)
    for (const { http } of [client, provider]) {
      expect((await http.get(`/api/chats/${id}`)).text).not.toContain(secret)
      expect((await http.get('/api/chats')).text).not.toContain(secret)
    }
  })

  it('neither a reaction nor a title of a new chat carries them', async () => {
    const [client, provider] = await pairOf(context.server)
    const chat = await newChat(client, [provider.id], { title: 'call 5551234567' })
    expect(chat.title).toBe('call •••')
    const { id } = await say(client, chat.id, 'hi')
    const reaction = await client.http.put(`/api/chats/${chat.id}/messages/${id}/reactions/a%40b.com`)
    expectRefusal(reaction, 403, 'contact_info_blocked')
  })

  it('what is paid lifts the mask', async () => {
    const [client, provider] = await pairOf(context.server)
    const paidAt = new Date(Date.now() - 1000).toISOString()
    const order = { context: { kind: 'order', id: freshName('order'), paidAt } }
    const { id } = await newChat(client, [provider.id], order)
    expect((await say(client, id, 'me@example.com')).content).toBe('me@example.com')
  })

  it('capabilities and a notice say beforehand what would be refused', async () => {
    const [client, provider] = await pairOf(context.server)
    const { id, capabilities } = await newChat(client, [provider.id])
    expect(capabilities).toContain('postMessage')
    await say(client, id, 'one')
    const { chat } = expectSuccess(await client.http.get<{ chat: Chat }>(`/api/chats/${id}`))
    expect(chat.capabilities).not.toContain('postMessage')
    expect(chat.policyNotice).toBe('Wait for an answer before you write again.')
  })

  it('and nobody else', async () => {
    const [client] = await pairOf(context.server)
    for (const role of ['staff', 'client']) {
      const other = await register(context.server, { role })
      const { id } = await newChat(other, [client.id])
      for (const content of ['a@b.com', 'c@d.com'])
        expect((await say(other, id, content)).content).toBe(content)
    }
  })
})

describe('an operator', () => {
  const start = useServers()
  const folder = tempDir()
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('may take the rules of the market away', async () => {
    const server = await start({ env: { ...market, CHAT_POLICY: 'open' } })
    const [client, provider] = await pairOf(server)
    const { id } = await newChat(provider, [client.id])
    expect((await say(provider, id, 'a@b.com')).content).toBe('a@b.com')
  })

  it('may bring rules of his own, which stand behind the roles of members', async () => {
    const file = join(folder, 'policy.mjs')
    writeFileSync(
      file,
      `const deny = { effect: 'deny', code: 'forbidden', message: 'Do not shout.' }
       const judge = ({ message }) => message && /^[A-Z]+$/.test(message.content) ? deny : undefined
       export const rules = [{ name: 'noShouting', judge }]`,
    )
    const server = await start({ env: { CHAT_POLICY: file } })
    const [owner, member] = await Promise.all([register(server), register(server)])
    const { id } = await newChat(owner, [member.id], { type: 'group' })
    expectRefusal(await post(member, id, 'HELLO'), 403, 'forbidden', 'Do not shout.')
    await say(member, id, 'Hello')
    expectRefusal(await patch(member, `/api/chats/${id}`, { title: 'Mine' }), 403, 'forbidden')
  })

  it('sets how large a group may be, and how long a message may be changed', async () => {
    const server = await start({ env: { MAX_CHAT_MEMBERS: '2', CHAT_EDIT_WINDOW_HOURS: '0' } })
    const [one, two, three] = await Promise.all([register(server), register(server), register(server)])
    const tooLarge = await one.http.post('/api/chats', { memberIds: [two.id, three.id] })
    expectRefusal(tooLarge, 403, 'forbidden')
    const { id } = await newChat(one, [two.id], { type: 'group' })
    const added = await one.http.post(`/api/chats/${id}/members`, { userIds: [three.id] })
    expectRefusal(added, 403, 'forbidden')
    const message = await say(one, id, 'frist')
    const edit = () => patch(one, `/api/chats/${id}/messages/${message.id}`, { content: 'first' })
    // The window of no length is over as soon as the clock has moved on.
    await expect.poll(async () => (await edit()).status).toBe(403)
    expectRefusal(await edit(), 403, 'edit_window_over')
  })
})
