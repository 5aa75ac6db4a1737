import { body, entry, items, online, snapshot } from '@belfry/testkit/client'
import { expect, onTestFinished, test, vi } from 'vitest'
import { emitWithAck, SocketFacade } from './socket-facade.ts'

const socketOf = async () => {
  const fake = await online(snapshot(items(1)))
  return { ...fake, socket: new SocketFacade(fake.client) }
}

const created = (n: number, type: string) => entry(n, 'item.created', body(n, { type }))

test('an item is heard as a notification, by its type and by seed 004’s name, once each', async () => {
  const { world, socket } = await socketOf()
  const heard: string[] = []
  for (const event of [
    'notification',
    'order:new',
    'payment_success',
    'notification:received',
    'system:alert',
  ]) {
    socket.on(event, (item: { id: string; type: string }) => heard.push(`${event} ${item.type}`))
  }
  await world.socket.entries(created(2, 'order:new'))
  await world.socket.entries(created(2, 'order:new'), created(3, 'payment_success'), created(4, 'system'))
  expect(heard).toEqual([
    'notification order:new',
    'order:new order:new',
    'notification payment_success',
    'payment_success payment_success',
    'notification:received payment_success',
    'notification system',
    'system:alert system',
  ])
})

test('any other name hears the frames that are called so', async () => {
  const { world, socket } = await socketOf()
  const heard: unknown[] = []
  socket.on('custom', (payload: unknown) => heard.push(payload))
  await world.socket.send('custom', { a: 1 })
  await world.socket.send('other', { a: 2 })
  expect(heard).toEqual([{ a: 1 }])
})

test('off takes a listener away by reference, or all of this object, and never those of others', async () => {
  const { world, socket, client } = await socketOf()
  const other = new SocketFacade(client)
  const heard: string[] = []
  const [one, two] = [() => heard.push('one'), () => heard.push('two')]
  socket.on('notification', one).on('notification', one).on('notification', two)
  other.on('notification', () => heard.push('other'))
  await world.socket.entries(created(2, 'order:new'))
  socket.off('notification', one)
  socket.off('unknown', one)
  await world.socket.entries(created(3, 'order:new'))
  socket.off('notification')
  await world.socket.entries(created(4, 'order:new'))
  expect(heard).toEqual(['one', 'two', 'other', 'two', 'other', 'other'])
})

test('connect, disconnect and connect_error are told as the connection goes', async () => {
  const { world, socket } = await socketOf()
  const heard: unknown[] = []
  for (const event of ['connect', 'disconnect', 'connect_error']) {
    socket.on(event, (payload: unknown) => heard.push([event, payload]))
  }
  expect(socket.connected).toBe(true)
  await world.socket.end()
  expect(socket.connected).toBe(false)
  await world.clock.advance(500)
  await world.socket.end()
  await world.clock.advance(1000)
  await world.socket.welcome()
  expect(heard).toEqual([
    ['disconnect', 'transport close'],
    ['connect_error', new Error('websocket error')],
    ['connect', undefined],
  ])
})

test('emit sends a command and calls back with its answer', async () => {
  const { world, socket } = await socketOf()
  const answers: unknown[] = []
  socket.emit('countNotifications', {}, (answer: unknown) => answers.push(answer))
  await world.clock.advance(0)
  await world.socket.last('countNotifications').ok({ unread: 1 })
  socket.emit('joinRoom', { id: 'x' }, (answer: unknown) => answers.push(answer))
  await world.clock.advance(0)
  await world.socket.last('joinRoom').refuse('forbidden')
  expect(answers).toEqual([
    { ok: true, data: { unread: 1 } },
    { ok: false, error: { code: 'forbidden', message: 'forbidden' } },
  ])
})

test('a refusal that nobody waits for stands in the console', async () => {
  const { world, socket } = await socketOf()
  const warn = vi.spyOn(console, 'warn').mockReturnValue()
  socket.emit('joinRoom', { id: 'x' })
  await world.clock.advance(0)
  await world.socket.last('joinRoom').refuse('forbidden')
  expect(warn).toHaveBeenCalledOnce()
})

test('seeds’ events do what they mean, and those about who we are need no server', async () => {
  const { world, socket, client } = await socketOf()
  const answers: unknown[] = []
  for (const event of ['register_user', 'user-join', 'join-notifications']) {
    socket.emit(event, 'ada', (answer: unknown) => answers.push(answer))
  }
  await world.clock.advance(0)
  expect(answers).toEqual([{ ok: true }, { ok: true }, { ok: true }])
  expect(world.socket.asked.map(({ event }) => event)).not.toContain('register_user')
  socket.emit('mark-notification-read', { notificationId: client.getSnapshot().items[0]?.id })
  await world.clock.advance(0)
  expect(client.getSnapshot().items[0]?.isRead).toBe(true)
  await world.socket.last('markRead').ok({})
})

test('emitWithAck rejects with the refusal, and as not confirmed when its time is over', async () => {
  const { world, client } = await socketOf()
  const answer = emitWithAck(client, 'joinRoom', { id: 'x' }, {})
  const refused = expect(answer).rejects.toMatchObject({ code: 'forbidden' })
  await world.clock.advance(0)
  await world.socket.last('joinRoom').refuse('forbidden')
  await refused
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const late = emitWithAck(client, 'countNotifications', {}, { timeoutMs: 1000, retries: 1 })
  const outcome = expect(late).rejects.toMatchObject({ code: 'not_confirmed' })
  await vi.advanceTimersByTimeAsync(1999)
  expect(vi.getTimerCount()).toBe(1)
  await vi.advanceTimersByTimeAsync(1)
  await outcome
})
