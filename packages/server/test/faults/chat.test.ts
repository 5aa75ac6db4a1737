/** chat-presence.md F2, I1 and I2: answers that are lost, and a process that is killed while people talk. */
import type { Message } from '@belfry/protocol'
import {
  connected,
  createFaultProxy,
  delay,
  http,
  type Person,
  register,
  seeded,
  startServer,
  unread,
} from '@belfry/testkit'
import { describe, expect, it } from 'vitest'
import { ChatLoad } from '../support/chat-load.ts'
import { messagesIn } from '../support/chat-scene.ts'
import { newChat, type Posted } from '../support/chats.ts'
import { expectSuccess } from '../support/expect.ts'
import { useServer } from '../support/use-server.ts'

const context = useServer()
const client = { name: 'test', version: '1' }
const TIMES = 10

async function pair() {
  const [ann, bob] = await Promise.all([register(context.server), register(context.server)])
  const { id: chatId } = await newChat(ann, [bob.id])
  const proxy = await createFaultProxy(context.server)
  return { ann, bob, chatId, path: `/api/chats/${chatId}/messages`, proxy }
}

/** One message, with one number, one notification of the mention, and one entry for whoever listens. */
async function expectOnce(bob: Person, path: string, heard: Message[]): Promise<void> {
  expect(await messagesIn(bob, path)).toMatchObject([{ content: 'only once', seq: 1 }])
  expect(await unread(bob)).toBe(1)
  expect(heard.map(({ seq }) => seq)).toEqual([1])
}

describe('a message whose answer is lost ten times', () => {
  it('is one message over HTTP', async () => {
    const { ann, bob, chatId, path, proxy } = await pair()
    const page = await connected(context.server, bob.auth)
    page.emit('user-join', bob.id)
    await page.ack('join-chat', { chatId })
    const body = { content: 'only once', clientId: 'c1', mentions: [bob.id] }
    const cut = http({ url: proxy.url }, ann.token)
    proxy.faults.isCuttingAnswers = true
    for (let time = 0; time < TIMES; time++) await expect(cut.post(path, body)).rejects.toThrow()
    proxy.heal()
    const reply = expectSuccess(await cut.post<Posted & { success: boolean }>(path, body))
    expect(reply).toMatchObject({ duplicate: true, message: { seq: 1 } })
    await page.ack('get-unread-count', bob.id)
    await expectOnce(bob, path, page.all<Message>('new-message'))
  })

  it('is one message over a socket that is cut each time', async () => {
    const { ann, bob, chatId, path, proxy } = await pair()
    const page = await connected(context.server, bob.auth)
    await page.ack('join-chat', { chatId })
    const input = { chatId, content: 'only once', clientId: 'c1', mentions: [bob.id] }
    const options = { url: proxy.url, transports: ['websocket' as const] }
    const socket = await connected(context.server, { ...ann.auth, client }, options)
    for (let time = 0; time < TIMES; time++) {
      await socket.turn(
        'connect',
        socket.lifecycle.findLastIndex(({ name }) => name === 'connect'),
      )
      await socket.ack('sync', {})
      proxy.faults.isCuttingAnswers = true
      const from = socket.lifecycle.length
      socket.emit('postMessage', input, () => expect.unreachable('the answer was to be lost'))
      await socket.turn('disconnect', from)
      proxy.heal()
      await socket.turn('connect', from, 10_000)
    }
    expect(await socket.ack('postMessage', input)).toMatchObject({ ok: true, data: { duplicate: true } })
    await page.ack('get-unread-count', bob.id)
    await expectOnce(bob, path, page.all<Message>('new-message'))
  }, 30_000)
})

describe('a process that is killed while people talk', () => {
  const KILLS = 8

  it('has every acknowledged message after each restart, once and with its number', async () => {
    const random = seeded('kills while people talk')
    const server = await startServer({ env: { RATE_LIMIT: 'off' } })
    try {
      const people = await Promise.all([register(server), register(server), register(server)])
      const [first, ...others] = people
      const { id: chatId } = await newChat(
        first as Person,
        others.map(({ id }) => id),
      )
      const load = new ChatLoad({ chatId, people, random })
      for (let kill = 0; kill < KILLS; kill++) {
        load.start()
        // Not a wait for something: the moment of the kill is what is random.
        await delay(random.int(10, 250))
        server.signal('SIGKILL')
        await load.stop()
        await server.restart('SIGKILL')
        await load.expectNothingLost(server.dataDir)
      }
      await load.repeatAll()
      expect(load.acknowledged).toHaveLength(load.said.length)
      expect(load.said.length).toBeGreaterThan(KILLS)
      await load.expectNothingLost(server.dataDir)
    } finally {
      await server.close()
    }
  }, 110_000)
})
