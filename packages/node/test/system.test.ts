/** The SDK against the real server: over HTTP to a process of its own, and in this process. */
import { rmSync } from 'node:fs'
import { createServer } from '@belfry/server'
import {
  admin,
  type BelfryServer,
  listAll,
  messagesOf,
  register,
  startServer,
  tempDir,
} from '@belfry/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type BelfryClient,
  createBelfryClient,
  Failure,
  inProcess,
  NotificationEmitter,
} from '../src/index.ts'

describe('over HTTP', () => {
  let server: BelfryServer
  let token: string
  let client: BelfryClient
  beforeAll(async () => {
    server = await startServer()
    token = (await admin(server)).token
    client = createBelfryClient({ url: server.url, token })
  })
  afterAll(() => server.close())

  it('sends to a person, who finds it in the list, once for one key', async () => {
    const ada = await register(server)
    const input = { audience: { user: ada.id }, message: 'Hello', idempotencyKey: 'hello-1' } as const
    const first = await client.notify(input)
    const second = await client.notify(input)
    expect(second.notification.id).toBe(first.notification.id)
    const mine = createBelfryClient({ url: server.url, token: ada.token })
    const { notifications } = await mine.listNotifications({ limit: 10 })
    expect(notifications).toMatchObject([{ id: first.notification.id, message: 'Hello', readAt: null }])
    expect(await mine.countNotifications()).toMatchObject({ unread: 1 })
    await mine.markRead({ id: first.notification.id })
    expect(await mine.countNotifications()).toMatchObject({ unread: 0 })
    await mine.deleteNotification({ id: first.notification.id })
    expect((await mine.listNotifications()).notifications).toEqual([])
  })

  it('acts with an API key until that is revoked', async () => {
    const { key } = await client.createKey({ name: 'ci', scopes: ['rooms:manage', 'notifications:send'] })
    const machine = createBelfryClient({ url: server.url, apiKey: key.secret })
    const ada = await register(server)
    await machine.createRoom({ id: 'ops' })
    await machine.addRoomMember({ id: 'ops', userId: ada.id })
    await new NotificationEmitter(machine).sendToRoom('ops', 'Deployed')
    expect(messagesOf(await listAll(ada))).toEqual(['Deployed'])
    await expect(machine.listKeys()).rejects.toMatchObject({ code: 'forbidden' })
    await client.revokeKey({ id: key.id })
    await expect(machine.createRoom({ id: 'more' })).rejects.toMatchObject({ code: 'unauthorized' })
  })

  it('throws the server’s failures', async () => {
    const unknown = client.notify({ audience: { user: 'nobody' }, message: 'Hi' })
    await expect(unknown).rejects.toThrow(Failure)
    await expect(unknown).rejects.toMatchObject({ code: 'not_found', status: 404 })
    const long = client.notify({ audience: { all: true }, message: 'x'.repeat(5000) })
    await expect(long).rejects.toMatchObject({ code: 'validation_failed', details: { field: 'message' } })
  })

  it('makes every helper’s notification so that the server takes it', async () => {
    const ada = await register(server)
    const emitter = new NotificationEmitter(client)
    const subject = { id: '17', name: 'Seventeen', title: 'The 17th', amount: 17, message: 'Look' }
    await emitter.orderCreated(subject, ada.id)
    await emitter.orderUpdated('17', ada.id)
    await emitter.lowStockAlert(ada.id, subject)
    await emitter.projectUpdated({ ...subject, members: [ada.id] })
    await emitter.taskAssigned({ ...subject, assignee: ada })
    await emitter.budgetAlert({ ...subject, userId: ada.id })
    await emitter.systemAlert('Look')
    await emitter.paymentSuccess({ ...subject, customer: ada })
    await emitter.newAppointment({ ...subject, patientId: ada.id })
    await emitter.sendToUsers([ada, ada.id], { message: 'Twice is once' })
    expect((await listAll(ada)).map(({ type }) => type)).toEqual([
      'info',
      'new_appointment',
      'payment_success',
      'system:alert',
      'budget:alert',
      'task:assigned',
      'project:updated',
      'inventory:lowStock',
      'order:updated',
      'order:new',
    ])
  })

  it('waits for a server that is restarted', async () => {
    const ada = await register(server)
    await server.stop()
    const patient = createBelfryClient({ url: server.url, token, retries: 10 })
    const sending = patient.notify({ audience: { user: ada.id }, message: 'Patience' })
    await server.start()
    const { notification } = await sending
    expect((await listAll(ada)).map(({ id }) => id)).toEqual([notification.id])
  }, 60_000)
})

describe('in process', () => {
  it('runs the same commands, as the server itself or as somebody', async () => {
    const dataDir = tempDir()
    const belfry = await createServer({ DATA_DIR: dataDir, PLAYGROUND: 'off', LOG_LEVEL: 'silent' })
    try {
      const client = createBelfryClient({ transport: inProcess(belfry) })
      const { user } = await client.register({ email: 'ada@example.com', password: 'correct horse' })
      const { id } = await new NotificationEmitter(client).orderCreated({ id: 'A-17', userId: user.id })
      const mine = createBelfryClient({
        transport: inProcess(belfry, { kind: 'user', id: user.id, roles: ['user'], sessionId: 'test' }),
      })
      const { notifications } = await mine.listNotifications()
      expect(notifications.map((one) => one.id)).toEqual([id])
      await expect(mine.createRoom({ id: 'ops' })).rejects.toMatchObject({ code: 'forbidden' })
    } finally {
      await belfry.close()
      rmSync(dataDir, { recursive: true, force: true })
    }
  }, 60_000)
})
