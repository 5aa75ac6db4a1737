/** security.md §12, H4, H6, H10 and H11: messages that say too much, of others, and from outside. */
import { type Fields, freshName } from '@belfry/testkit'
import { describe, expect, it } from 'vitest'
import {
  type ChatScene,
  chatScene,
  expectRefusedEverywhere,
  messagesIn,
  native,
  seed,
} from '../support/chat-scene.ts'
import { newChat, say } from '../support/chats.ts'
import { expectRefusal, expectRefusedAck } from '../support/expect.ts'
import { fence } from '../support/hearing.ts'
import { expectRefusedWith, useHostileServer } from '../support/hostile.ts'

// One sender says hundreds of things in a row.
const context = useHostileServer({ env: { RATE_LIMIT: 'off' } })
const scene = () => chatScene(context)
const refused = (place: ChatScene, bodies: Fields[]) => expectRefusedEverywhere(context, place, bodies)

describe('H4: a message with what the server owns', () => {
  it('is refused on every way in', async () => {
    const place = await scene()
    const owned: Fields = {
      ...{
        id: 'x',
        seq: 7,
        senderId: place.bob.id,
        senderName: 'Bob',
        createdAt: '2020-01-01T00:00:00.000Z',
      },
      ...{ editedAt: '2020-01-01T00:00:00.000Z', deletedAt: null, deletedBy: place.bob.id },
      ...{ delivered: true, isRead: true, reactions: [], hash: '', offset: 1, constructor: 'x' },
    }
    await refused(
      place,
      Object.entries(owned).map(([name, value]) => ({ content: 'x', [name]: value })),
    )
  })

  it('of the kind `system` is refused', async () => {
    await refused(await scene(), [{ content: 'Ann has left', messageType: 'system' }])
  })
})

describe('H6: a message of another', () => {
  it('is neither edited nor deleted, and one that is gone stays so', async () => {
    const { ann, bob, eve, chatId, message, path } = await scene()
    const gone = await say(ann, chatId, 'gone')
    await ann.http.delete(`${path}/${gone.id}`)
    const elsewhere = await newChat(bob, [eve.id])
    await context.unchanged(async () => {
      const edit = (id: string, at = path) =>
        bob.http.request('PATCH', `${at}/${id}`, { json: { content: 'x' } })
      expectRefusal(await edit(message.id), 403, 'not_owner')
      expectRefusal(await bob.http.delete(`${path}/${message.id}`), 403, 'not_owner')
      // By way of a chat in which one may: the message is not there.
      const own = `/api/chats/${elsewhere.id}/messages`
      expectRefusal(await edit(message.id, own), 404, 'not_found')
      expectRefusal(await bob.http.delete(`${own}/${message.id}`), 404, 'not_found')
      expectRefusal(await bob.http.put(`${own}/${message.id}/reactions/ok`), 404, 'not_found')
      const again = await ann.http.request('PATCH', `${path}/${gone.id}`, { json: { content: 'x' } })
      expectRefusal(again, 404, 'not_found')
      const socket = await native(context, bob)
      const place = { chatId, messageId: message.id }
      expectRefusedAck(await socket.ack('editMessage', { ...place, content: 'x' }), 'not_owner')
      expectRefusedAck(await socket.ack('deleteMessage', place), 'not_owner')
    })
  })
})

describe('H10: a page of messages that is none', () => {
  const queries = [
    'before=-1',
    'before=x',
    'before=1.5',
    'before=1e3',
    'before=',
    'before=9999999999999999',
    'after=-1',
    'around=-1',
    'before=3&after=1',
    'limit=0',
    'limit=-1',
    'limit=101',
    'limit=1e9',
    'limit=1000000000',
    'limit=x',
    'user=other',
    'before=1&before=2',
  ]
  it('is refused with 400, over the socket too', async () => {
    const { ann, chatId, path } = await scene()
    const socket = await native(context, ann)
    await context.unchanged(async () => {
      for (const query of queries) expectRefusedWith(await ann.http.get(`${path}?${query}`), 400)
      for (const page of [
        { before: -1 },
        { limit: 1e9 },
        { before: '-1' },
        { after: 1, before: 2 },
        { around: {} },
      ])
        expectRefusedAck(await socket.ack('listMessages', { chatId, ...page }), 'validation_failed')
    })
  })

  it('of a foreign chat is 404, as of one that does not exist', async () => {
    const { eve, path } = await scene()
    await context.unchanged(async () => {
      for (const query of ['', '?before=2', '?around=1&limit=5']) {
        const foreign = await eve.http.get(`${path}${query}`)
        expectRefusal(foreign, 404, 'not_found')
        expect(foreign.text).toBe((await eve.http.get(`/api/chats/unknown/messages${query}`)).text)
      }
    })
  })
})

describe('H11: somebody from outside', () => {
  it('stores nothing, and nobody hears anything', async () => {
    const { ann, bob, eve, chatId, message, path } = await scene()
    const [annTab, bobPage] = [await native(context, ann), await seed(context, bob, chatId)]
    const [outside, page] = [await native(context, eve), await seed(context, eve)]
    const from = [annTab.events.length, bobPage.events.length]
    await context.unchanged(async () => {
      const place = { chatId, messageId: message.id }
      const asks: [event: string, input: Fields][] = [
        ['postMessage', { chatId, content: freshName('intruder') }],
        ['markChatRead', { chatId }],
        ['markChatUnread', { chatId, fromSeq: 1 }],
        ['startTyping', { chatId }],
        ['reactToMessage', { ...place, emoji: 'ok' }],
        ['pinMessage', place],
        ['addMembers', { chatId, userIds: [eve.id] }],
        ['updateMembers', { chatId, userIds: [eve.id], role: 'owner' }],
        ['removeMembers', { chatId, userIds: [ann.id] }],
        ['updateChat', { chatId, title: 'Mine' }],
        ['setChatPrefs', { chatId, hidden: true }],
        ['openChat', { chatId }],
        ['listMessages', { chatId }],
        ['leaveChat', { chatId }],
      ]
      for (const [event, input] of asks) {
        const ack = await outside.ack(event, input)
        expect({ event, ack }).toMatchObject({ ack: { ok: false, error: { code: 'not_found' } } })
      }
      for (const [event, input] of [
        ['send-message', { chatId, content: 'x' }],
        ['mark-messages-read', { chatId }],
      ] as const)
        expectRefusedAck(await page.ack(event, input), 'forbidden')
      expectRefusal(await eve.http.post(path, { content: 'x' }), 404, 'not_found')
    })
    await fence(context.admin, bob, bobPage)
    await annTab.ack('sync', {})
    const heard = [annTab, bobPage].map(({ events }, at) =>
      events.slice(from[at]).filter(({ args }) => JSON.stringify(args).includes(chatId)),
    )
    expect(heard).toEqual([[], []])
    expect(await messagesIn(bob, path)).toMatchObject([{ content: 'hello', isRead: false }])
    expect(
      [...outside.events, ...page.events].filter(({ args }) => JSON.stringify(args).includes(chatId)),
    ).toEqual([])
  })
})
