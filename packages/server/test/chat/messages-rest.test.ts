/** chat-presence.md §3, §4 and §6: messages over HTTP. */
import { type CommandReply, commands, type Message } from '@belfry/protocol'
import { freshName, type Person, type Reply, register } from '@belfry/testkit'
import { describe, expect, it } from 'vitest'
import { newChat, type Posted, post, say } from '../support/chats.ts'
import { expectRefusal, expectSuccess, TIME } from '../support/expect.ts'
import { useServer } from '../support/use-server.ts'

const context = useServer()
type Page = CommandReply<'listMessages'>

async function pair() {
  const [ann, bob] = await Promise.all([register(context.server), register(context.server)])
  const { id } = await newChat(ann, [bob.id])
  const path = `/api/chats/${id}/messages`
  const page = async (person: Person, query = '') =>
    expectSuccess(await person.http.get<Page & { success: boolean }>(`${path}${query}`))
  return { ann, bob, id, path, page }
}
const patch = <T>({ http }: Person, path: string, json: unknown): Promise<Reply<T>> =>
  http.request('PATCH', path, { json })

describe('POST messages', () => {
  it('stores a message with everything that contract and protocol name', async () => {
    const { ann, bob, id, path } = await pair()
    const clientId = freshName()
    const metadata = { order: { id: 7 } }
    const sent = { content: 'hello', clientId, messageType: 'custom', metadata, mentions: [bob.id] }
    const reply = expectSuccess(await ann.http.post<Posted & { success: boolean }>(path, sent), 201)
    expect(reply.duplicate).toBe(false)
    expect(commands.postMessage.output.parse(reply).message).toEqual({
      ...{ id: expect.stringMatching(/./), clientId, chatId: id, seq: 1, senderId: ann.id },
      senderName: ann.email.split('@')[0],
      ...{ messageType: 'custom', content: 'hello', media: [], delivered: false, isRead: false },
      ...{ mentions: [bob.id], reactions: [], metadata },
      createdAt: expect.stringMatching(TIME),
    })
  })

  it('with a clientId again gives the same message with 200, and with other words a conflict', async () => {
    const { ann, bob, id, path, page } = await pair()
    const body = { content: 'hello', clientId: freshName() }
    const first = await say(ann, id, body.content, body)
    const again = expectSuccess(await ann.http.post<Posted & { success: boolean }>(path, body))
    expect(again).toMatchObject({ duplicate: true, message: { id: first.id, seq: 1 } })
    expectRefusal(await post(ann, id, 'other', { clientId: body.clientId }), 409, 'idempotency_conflict')
    expect((await say(bob, id, 'mine', { clientId: body.clientId })).seq).toBe(2)
    expect((await page(bob)).messages).toHaveLength(2)
  })

  it('quotes what it answers, and links what is somewhere else', async () => {
    const { ann, bob, id } = await pair()
    const question = await say(ann, id, 'when?')
    const media = [{ url: 'https://example.test/map.png', kind: 'image', name: 'Map' }]
    expect(await say(bob, id, '', { replyTo: question.id, media })).toMatchObject({
      messageType: 'image',
      replyTo: { id: question.id, seq: 1, senderId: ann.id, preview: 'when?' },
      media: [{ url: 'https://example.test/map.png', kind: 'image', name: 'Map', external: true }],
    })
    expectRefusal(await post(ann, id, 'x', { replyTo: 'unknown' }), 404, 'not_found')
    expectRefusal(await post(ann, id, 'x', { media: [{ id: 'unknown' }] }), 422, 'media_rejected')
    const plain = { media: [{ url: 'http://example.test/a.png' }] }
    expectRefusal(await post(ann, id, 'x', plain), 400, 'validation_failed')
  })
})

describe('GET messages', () => {
  it('gives the last 50 by default, ascending, and pages in every direction', async () => {
    const { ann, bob, id, page } = await pair()
    for (let seq = 1; seq <= 55; seq++) await say(ann, id, `${seq}`)
    const seqs = ({ messages }: Page) => messages.map(({ seq }: Message) => seq)
    const newest = await page(bob)
    expect(seqs(newest)).toEqual(Array.from({ length: 50 }, (_, at) => at + 6))
    expect([newest.hasOlder, newest.hasNewer]).toEqual([true, false])
    const before = await page(bob, '?before=6&limit=3')
    expect([seqs(before), before.hasOlder, before.hasNewer]).toEqual([[3, 4, 5], true, true])
    const after = await page(bob, '?after=53&limit=3')
    expect([seqs(after), after.hasOlder, after.hasNewer]).toEqual([[54, 55], true, false])
    const around = await page(bob, '?around=10&limit=4')
    expect([seqs(around), around.hasOlder, around.hasNewer]).toEqual([[9, 10, 11, 12], true, true])
    expect(seqs(await page(bob, '?before=1'))).toEqual([])
    expect(seqs(await page(bob, '?limit=100'))).toHaveLength(55)
  })
})

describe('a message', () => {
  it('is edited by its sender, and keeps its number', async () => {
    const { ann, bob, id, path, page } = await pair()
    const { id: messageId } = await say(ann, id, 'frist')
    const one = `${path}/${messageId}`
    const { message } = expectSuccess(await patch<{ message: Message }>(ann, one, { content: 'first' }))
    expect(message).toMatchObject({ id: messageId, seq: 1, content: 'first' })
    expect(message.editedAt).toMatch(TIME)
    expectRefusal(await patch(bob, one, { content: 'mine' }), 403, 'not_owner')
    expectRefusal(await patch(ann, `${path}/unknown`, { content: 'x' }), 404, 'not_found')
    for (const body of [{}, { content: ' ' }, { content: 7 }, { content: 'x', senderId: bob.id }])
      expectRefusal(await patch(ann, one, body), 400, 'validation_failed')
    expect((await page(bob)).messages).toMatchObject([{ content: 'first' }])
  })

  it('is deleted by its sender, and nothing of it stays but its place', async () => {
    const { ann, bob, id, path, page } = await pair()
    const { id: messageId } = await say(ann, id, 'secret', { metadata: { also: 'secret' } })
    await bob.http.put(`${path}/${messageId}/reactions/ok`)
    expectRefusal(await bob.http.delete(`${path}/${messageId}`), 403, 'not_owner')
    for (let times = 0; times < 2; times++) expectSuccess(await ann.http.delete(`${path}/${messageId}`))
    const { messages } = await page(bob)
    expect(JSON.stringify(messages)).not.toContain('secret')
    expect(messages).toMatchObject([
      { id: messageId, seq: 1, senderId: ann.id, content: '', reactions: [], deletedBy: ann.id },
    ])
    expectRefusal(await patch(ann, `${path}/${messageId}`, { content: 'x' }), 404, 'not_found')
    expectRefusal(await bob.http.put(`${path}/${messageId}/reactions/ok`), 404, 'not_found')
  })

  it('is reacted to with any sign of at most 32 bytes', async () => {
    const { ann, bob, id, path } = await pair()
    const { id: messageId } = await say(ann, id, 'hello')
    const at = (emoji: string) => `${path}/${messageId}/reactions/${encodeURIComponent(emoji)}`
    type Reacted = CommandReply<'reactToMessage'> & { success: boolean }
    for (let times = 0; times < 2; times++) {
      const { reactions } = expectSuccess(await bob.http.put<Reacted>(at('👍🏽')))
      expect(reactions).toEqual([{ emoji: '👍🏽', count: 1, userIds: [bob.id], mine: true }])
    }
    const { reactions } = expectSuccess(await ann.http.put<Reacted>(at('👍🏽')))
    expect(reactions).toMatchObject([{ count: 2, mine: true }])
    expect(expectSuccess(await bob.http.delete<Reacted>(at('👍🏽'))).reactions).toMatchObject([
      { count: 1, mine: false },
    ])
    for (const emoji of ['x'.repeat(33), 'two words', '👍'.repeat(9)])
      expectRefusal(await bob.http.put(at(emoji)), 400, 'validation_failed')
  })

  it('is pinned and taken down again for everyone', async () => {
    const { ann, bob, id } = await pair()
    const { id: messageId } = await say(ann, id, 'look here')
    const pins = async () =>
      expectSuccess(await bob.http.get<CommandReply<'openChat'> & { success: boolean }>(`/api/chats/${id}`))
        .chat.pins
    expectSuccess(await ann.http.put(`/api/chats/${id}/pins/${messageId}`))
    expect(await pins()).toEqual([{ messageId, seq: 1 }])
    expectSuccess(await bob.http.delete(`/api/chats/${id}/pins/${messageId}`))
    expect(await pins()).toEqual([])
    expectRefusal(await ann.http.put(`/api/chats/${id}/pins/unknown`), 404, 'not_found')
  })
})

describe('GET /api/messages/search', () => {
  it('finds words as they stand in all chats of the reader, newest first, page by page', async () => {
    const { ann, bob, id } = await pair()
    const other = await pair()
    const word = freshName('word')
    for (let number = 1; number <= 3; number++) await say(ann, id, `${word} 100% ${number}`)
    await say(other.ann, other.id, `${word} elsewhere`)
    const search = async (query: string) =>
      expectSuccess(
        await bob.http.get<CommandReply<'searchMessages'> & { success: boolean }>(
          `/api/messages/search?${query}`,
        ),
      )
    const first = await search(`q=${word}&limit=2`)
    expect(first.hits.map(({ seq }) => seq)).toEqual([3, 2])
    const rest = await search(`q=${word}&limit=2&cursor=${first.nextCursor}`)
    expect([rest.hits.map(({ seq }) => seq), rest.nextCursor]).toEqual([[1], null])
    expect((await search(`q=${word.toUpperCase()}`)).hits).toHaveLength(3)
    expect((await search(`q=${word}%25`)).hits).toEqual([])
    expect((await search(`q=${encodeURIComponent('100% 2')}&chatId=${id}`)).hits).toHaveLength(1)
    for (const query of ['', 'q=', 'q=%20', `q=${'x'.repeat(201)}`, 'q=x&limit=51', 'q=x&cursor=x'])
      expectRefusal(await bob.http.get(`/api/messages/search?${query}`), 400, 'validation_failed')
  })
})
