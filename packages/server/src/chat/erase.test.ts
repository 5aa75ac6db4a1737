import { describe, expect, it } from 'vitest'
import { PASSWORD, refusal } from '../accounts/test/with-people.ts'
import type { Actor } from '../core/actor.ts'
import { withChats } from './test/with-chats.ts'

const open = await withChats()
const { run, store, person, admin, entries, dump, chatOf, say, texts, unread } = open
const erase = (actor: Actor) => run('eraseUser', { password: PASSWORD }, actor)
/** Whether the database holds a text anywhere; in JSON inside of JSON quotes are escaped. */
const isKept = (text: string) => dump().includes(text)
const messagesIn = async (actor: Actor, chatId: string) =>
  (await run('listMessages', { chatId }, actor)).messages

describe('who is erased', () => {
  it('leaves the places of messages, and nothing of what they said', async () => {
    const [ann, bob] = [await person(), await person()]
    const { id: chatId } = await chatOf(ann.actor, [bob.id])
    const said = await say(ann.actor, chatId, 'erase this secret', { metadata: { note: 'erase this note' } })
    await say(bob.actor, chatId, 'an answer', { replyTo: said.id })
    await run('editMessage', { chatId, messageId: said.id, content: 'erase that secret' }, ann.actor)
    expect(isKept('erase that secret')).toBe(true)
    const from = entries.length
    await erase(ann.actor)
    for (const words of ['erase this', 'erase that']) expect(isKept(words)).toBe(false)
    expect(await messagesIn(bob.actor, chatId)).toMatchObject([
      { id: said.id, seq: 1, senderId: ann.id, content: '', deletedAt: expect.any(String) },
      { seq: 2, content: 'an answer', replyTo: { preview: '' } },
    ])
    expect(entries.slice(from)).toContainEqual(
      expect.objectContaining({
        ...{ topic: `room:${chatId}`, kind: 'message.deleted' },
        data: expect.objectContaining({ id: said.id, content: '' }),
      }),
    )
  })

  it('is no longer counted, found or pinned', async () => {
    const [ann, bob] = [await person(), await person()]
    const { id: chatId } = await chatOf(ann.actor, [bob.id])
    const { id: messageId } = await say(ann.actor, chatId, 'pinned words')
    await run('pinMessage', { chatId, messageId }, bob.actor)
    expect(await unread(bob.actor, chatId)).toBe(1)
    await erase(ann.actor)
    expect(await unread(bob.actor, chatId)).toBe(0)
    expect((await run('searchMessages', { q: 'pinned' }, bob.actor)).hits).toEqual([])
    expect((await run('openChat', { chatId }, bob.actor)).chat.pins).toEqual([])
  })

  it('leaves no name behind, which is a part of an address', async () => {
    const [ann, bob, cyd] = [await person(), await person(), await person()]
    const { id: chatId } = await chatOf(ann.actor, [bob.id], { type: 'group' })
    await run('addMembers', { chatId, userIds: [cyd.id] }, ann.actor)
    await run('updateMembers', { chatId, userId: cyd.id, role: 'moderator' }, ann.actor)
    await say(cyd.actor, chatId, 'hello', { mentions: [bob.id] })
    const name = `\\"${cyd.email.split('@')[0]}\\"`
    expect(isKept(name)).toBe(true)
    await erase(cyd.actor)
    for (const gone of [name, cyd.email]) expect(isKept(gone)).toBe(false)
    expect(isKept(bob.email)).toBe(true)
    expect((await run('listNotifications', {}, bob.actor)).notifications).toEqual([])
  })

  it('takes reactions back, the own ones and those to own messages', async () => {
    const [ann, bob] = [await person(), await person()]
    const { id: chatId } = await chatOf(ann.actor, [bob.id])
    const theirs = await say(bob.actor, chatId, 'theirs')
    const own = await say(ann.actor, chatId, 'own')
    await run('reactToMessage', { chatId, messageId: theirs.id, emoji: '👍' }, ann.actor)
    await run('reactToMessage', { chatId, messageId: theirs.id, emoji: '🎈' }, bob.actor)
    await run('reactToMessage', { chatId, messageId: own.id, emoji: '🎈' }, bob.actor)
    const from = entries.length
    await erase(ann.actor)
    expect(await messagesIn(bob.actor, chatId)).toMatchObject([
      { content: 'theirs', reactions: [{ emoji: '🎈', count: 1, userIds: [bob.id] }] },
      { content: '', reactions: [] },
    ])
    const told = entries.slice(from).filter(({ kind }) => kind === 'message.reacted')
    expect(told).toMatchObject([{ data: { id: theirs.id } }])
  })

  it('leaves groups, which go to somebody else, and closes chats of two', async () => {
    const [ann, bob, cyd] = [await person(), await person(), await person()]
    const group = await chatOf(ann.actor, [bob.id, cyd.id], { type: 'group' })
    const pair = await chatOf(ann.actor, [bob.id])
    await run('blockUser', { userId: ann.id }, cyd.actor)
    await erase(ann.actor)
    const { chat, members } = await run('openChat', { chatId: group.id }, bob.actor)
    expect(chat).toMatchObject({ memberCount: 2, state: 'open' })
    expect(
      members.map(({ userId, role }: { userId: string; role: string }) => [userId, role]),
    ).toContainEqual([bob.id, 'owner'])
    expect(await refusal(say(bob.actor, pair.id, 'anybody?'))).toMatchObject({ code: 'chat_closed' })
    await say(bob.actor, group.id, 'still here')
    expect(await texts(cyd.actor, group.id)).toEqual(['still here'])
    expect((await run('listBlocks', {}, cyd.actor)).userIds).toEqual([])
  })

  it('loses all uploaded files', async () => {
    const [ann, bob] = [await person(), await person()]
    const { id: chatId } = await chatOf(ann.actor, [bob.id])
    const file = { kind: 'image', name: 'a.png', mime: 'image/png', size: 10, maxUserBytes: 1_000_000 }
    const reserved = await store.transact('reserveMedia', ann.actor, { ...file, facts: { file: 'a' } })
    // The handler's reply.
    const { id } = reserved as { id: string }
    await store.transact('confirmMedia', ann.actor, { id })
    await say(ann.actor, chatId, 'look', { media: [{ id }] })
    const read = () => store.read('readableMedia', { id, user: bob.id })
    expect(await read()).toMatchObject({ id })
    await erase(ann.actor)
    expect(await read()).toBeUndefined()
    expect(await open.work('claimMedia', { unattachedMs: 1e12 })).toEqual({
      doomed: [{ id, files: ['a'] }],
    })
  })

  it('has to give the password, and changes nothing without it', async () => {
    const ann = await person()
    const before = dump()
    for (const input of [{}, { password: 'wrong password' }])
      expect(await refusal(run('eraseUser', input, ann.actor))).toMatchObject({
        ...{ code: 'forbidden', details: { field: 'password' } },
      })
    expect(dump()).toBe(before)
    await erase(ann.actor)
    expect(await refusal(open.people.identify(ann.token))).toMatchObject({ code: 'unauthorized' })
  })

  it('is not the last admin', async () => {
    const { actor } = await admin()
    const before = dump()
    const password = 'admin password 1'
    expect(await refusal(run('eraseUser', { password }, actor))).toMatchObject({ code: 'forbidden' })
    expect(dump()).toBe(before)
  })

  it('is told once for many messages, and loses all of them', async () => {
    const [ann, bob] = [await person(), await person()]
    const { id: chatId } = await chatOf(ann.actor, [bob.id])
    const many = Array.from({ length: 510 }, (_, at) => say(ann.actor, chatId, `many words ${at}`))
    await Promise.all(many)
    const from = entries.length
    await erase(ann.actor)
    expect(isKept('many words')).toBe(false)
    expect(entries.slice(from).filter(({ kind }) => kind === 'message.deleted')).toHaveLength(500)
  })
})

describe('an account that an admin deletes', () => {
  it('is erased from chats as well', async () => {
    const [ann, bob] = [await person(), await person()]
    const { id: chatId } = await chatOf(ann.actor, [bob.id])
    await say(ann.actor, chatId, 'words of who is deleted')
    await run('deleteUser', { id: ann.id }, (await admin()).actor)
    expect(isKept('words of who is deleted')).toBe(false)
    expect(await texts(bob.actor, chatId)).toEqual([''])
  })

  it('changes nothing where there is none', async () => {
    const { actor } = await admin()
    const before = dump()
    expect(await refusal(run('deleteUser', { id: 'nobody' }, actor))).toMatchObject({ code: 'not_found' })
    expect(dump() === before).toBe(true)
  })
})
