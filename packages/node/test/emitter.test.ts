import { beforeEach, describe, expect, it } from 'vitest'
import { NotificationEmitter, type Sender } from '../src/index.ts'

type Input = Parameters<Sender['notify']>[0]

/** Stands in for the server: keeps what it is asked to send, and gives ids in turn. */
function fakeSender(more: object = {}) {
  const inputs: Input[] = []
  const notify = async (input: Input) => {
    inputs.push(input)
    return { message: 'sent', notification: { id: `n${inputs.length}` }, ...more }
  }
  return { inputs, notify: notify as unknown as Sender['notify'] }
}

const sender = fakeSender()
const emitter = new NotificationEmitter(sender)
const last = () => sender.inputs.at(-1)
beforeEach(() => {
  sender.inputs.length = 0
})

describe('sending', () => {
  it.each([
    ['sendToUser', 'ada', { user: 'ada' }],
    ['sendToUser', { _id: 17 }, { user: '17' }],
    ['sendToUsers', ['ada', { id: 'bob' }], { users: ['ada', 'bob'] }],
    ['sendToRole', 'doctor', { role: 'doctor' }],
    ['sendToRoom', 'lobby', { room: 'lobby' }],
  ] as const)('%s(%j, …) names the audience', async (method, whom, audience) => {
    const send = emitter[method] as (to: unknown, notification: unknown) => Promise<unknown>
    await send(whom, { title: 'T', message: 'M', data: { a: 1 } })
    expect(last()).toEqual({ audience, title: 'T', message: 'M', meta: { a: 1 } })
  })

  it('takes a text for the message', async () => {
    await emitter.sendToAll('Lunch')
    expect(last()).toEqual({ audience: { all: true }, message: 'Lunch' })
  })

  it('resolves the server’s id and notification, and its recipients only when it gives them', async () => {
    expect(await emitter.sendToUser('ada', 'Hi')).toEqual({ id: 'n1', notification: { id: 'n1' } })
    const counting = new NotificationEmitter(fakeSender({ recipients: 3 }))
    expect(await counting.sendToAll('Hi')).toMatchObject({ id: 'n1', recipients: 3 })
  })

  it('rejects a user without an id', async () => {
    await expect(emitter.sendToUser({}, 'Hi')).rejects.toThrow('Name a user')
  })
})

describe('the static emitter', () => {
  it('says what to do before it is configured, and sends afterwards', async () => {
    await expect(NotificationEmitter.sendToUser('ada', 'Hi')).rejects.toThrow('NotificationEmitter.configure')
    NotificationEmitter.configure(sender)
    const { sendToUser } = NotificationEmitter
    await sendToUser('ada', 'Hi')
    await NotificationEmitter.orderCreated('A-17')
    expect(sender.inputs).toHaveLength(2)
  })
})

describe('a helper', () => {
  it.each([
    [
      'orderCreated',
      { _id: 'A-17', userId: 'ada', total: 42 },
      'order:new',
      { user: 'ada' },
      'Order A-17 was placed.',
    ],
    ['orderUpdated', { id: 17, status: 'sent' }, 'order:updated', { role: 'admin' }, 'Order 17 is now sent.'],
    [
      'lowStockAlert',
      { name: 'Tea', stock: 3 },
      'inventory:lowStock',
      { role: 'admin' },
      'Tea is running low: 3 left.',
    ],
    [
      'projectUpdated',
      { name: 'Roof', members: ['ada', { _id: 'bob' }] },
      'project:updated',
      { users: ['ada', 'bob'] },
      'Project Roof was updated.',
    ],
    [
      'taskAssigned',
      { title: 'Paint', assignee: { id: 'bob' } },
      'task:assigned',
      { user: 'bob' },
      'A task was assigned to you: Paint.',
    ],
    [
      'budgetAlert',
      { name: 'Food', spent: 90, limit: 100, ownerId: 'ada' },
      'budget:alert',
      { user: 'ada' },
      'Budget Food: 90 of 100 spent.',
    ],
    ['systemAlert', 'Restart at noon', 'system:alert', { all: true }, 'Restart at noon'],
    [
      'paymentSuccess',
      { amount: 12.5, currency: 'EUR', user: { _id: 'ada' } },
      'payment_success',
      { user: 'ada' },
      'Your payment of 12.5 EUR was received.',
    ],
    [
      'newAppointment',
      { patientId: 'ada', date: '2026-03-01', time: '10:00' },
      'new_appointment',
      { user: 'ada' },
      'You have a new appointment on 2026-03-01, 10:00.',
    ],
  ] as const)('%s(%j) sends %s', async (name, subject, type, audience, message) => {
    await emitter[name](subject)
    expect(last()).toMatchObject({ type, audience, message, title: expect.stringMatching(/\w/) })
  })

  it('takes an id, and the user before or after the subject', async () => {
    await emitter.taskAssigned({ title: 'Paint' }, 'bob')
    await emitter.taskAssigned('bob', { title: 'Paint' })
    expect(sender.inputs[0]).toMatchObject({
      audience: { user: 'bob' },
      message: 'A task was assigned to you: Paint.',
    })
    expect(sender.inputs[1]).toEqual(sender.inputs[0])
    await emitter.orderCreated('A-17', 'ada')
    expect(last()).toMatchObject({
      audience: { user: 'ada' },
      message: 'Order A-17 was placed.',
      meta: { id: 'A-17' },
    })
    await emitter.projectUpdated({ name: 'Roof' }, ['ada', { id: 'bob' }])
    expect(last()).toMatchObject({ audience: { users: ['ada', 'bob'] } })
  })

  it('lets options win, wherever they stand', async () => {
    const options = {
      audience: { room: 'r' },
      title: 'Hm',
      message: 'So',
      priority: 'low',
      idempotencyKey: 'k',
    } as const
    await emitter.lowStockAlert({ name: 'Tea' }, options)
    await emitter.lowStockAlert({ name: 'Tea' }, 'ada', options)
    await emitter.lowStockAlert('Tea', options)
    expect(sender.inputs).toMatchObject([options, options, options])
    expect(last()).not.toHaveProperty('data')
  })

  it('says an alert in the subject’s own words', async () => {
    await emitter.systemAlert({ title: 'Maintenance', message: 'At noon', priority: 'urgent' })
    expect(last()).toMatchObject({
      title: 'Maintenance',
      message: 'At noon',
      priority: 'urgent',
      audience: { all: true },
    })
    await expect(emitter.systemAlert({ title: 'Nothing' })).rejects.toThrow('Say something')
  })

  it('sends plain facts as meta, and nothing else of the subject', async () => {
    class Order {
      _id = { toHexString: () => 'f00', toString: () => 'f00', id: Buffer.from('x') }
      total = 42
      card = '4111'
      get status() {
        return 'paid'
      }
    }
    await emitter.orderCreated(new Order())
    expect(last()?.meta).toEqual({ id: 'f00', total: 42, status: 'paid' })
  })

  it('rejects what names nothing', async () => {
    await expect(emitter.orderCreated('')).rejects.toThrow('Say what it is about')
  })
})

describe('define', () => {
  it('adds a typed helper', async () => {
    const own = new NotificationEmitter(sender).define(
      'invoiceDue',
      (invoice: { id: string; owner: string }, days: number) => ({
        audience: { user: invoice.owner },
        type: 'invoice:due',
        message: `Invoice ${invoice.id} is due in ${days} days.`,
      }),
    )
    expect(await own.invoiceDue({ id: '17', owner: 'ada' }, 3)).toMatchObject({ id: 'n1' })
    expect(last()).toEqual({
      audience: { user: 'ada' },
      type: 'invoice:due',
      message: 'Invoice 17 is due in 3 days.',
    })
    // @ts-expect-error the helper knows its arguments
    await own.invoiceDue({ id: '17', owner: 'ada' }, 'soon')
  })

  it('works on the static emitter, whose type then has it too', async () => {
    NotificationEmitter.configure(sender)
    const Emitter = NotificationEmitter.define('welcome', (user: string) => ({
      user_id: user,
      message: 'Welcome',
    }))
    await Emitter.welcome('ada')
    expect(last()).toEqual({ user_id: 'ada', message: 'Welcome' })
  })

  it.each(['sendToUser', 'define', 'constructor', 'then'])('refuses the name %s', (name) => {
    expect(() => new NotificationEmitter(sender).define(name, () => ({ message: 'x' }))).toThrow(name)
  })
})
