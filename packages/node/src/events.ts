import { type Audience, eventTypes } from '@belfry/protocol'
import { firstWord } from './subject.ts'

/** How one kind of event of an app becomes a notification. */
export interface EventTemplate {
  readonly type: string
  readonly title: string
  readonly priority?: 'high'
  /** The sentence; undefined when the subject does not say enough for one. */
  message(subject: object): string | undefined
  /** Fields of the subject that may name who it is for. */
  readonly users: readonly string[]
  /** Who it is for when nothing names anybody. */
  readonly otherwise: Audience
  /** Plain fields of the subject that go along as `meta`. */
  readonly facts: readonly string[]
  /** What the helper takes a lone text for. */
  readonly text: 'id' | 'message'
}

const ADMINS: Audience = { role: 'admin' }
const CUSTOMER = ['userId', 'user_id', 'customerId', 'customer_id', 'user', 'customer'] as const
const OWNER = ['userId', 'user_id', 'ownerId', 'owner_id', 'user', 'owner'] as const
const NAME = ['name', 'title', 'id', '_id'] as const

/** ` 17`, or nothing: names are optional in every sentence. */
const after = (word: string | undefined) => (word === undefined ? '' : ` ${word}`)

const orderName = (order: object) =>
  after(firstWord(order, ['orderNumber', 'number', 'orderId', 'id', '_id']))
const order = {
  users: CUSTOMER,
  otherwise: ADMINS,
  facts: ['orderId', 'orderNumber', 'number', 'status', 'total', 'amount', 'currency'],
  text: 'id',
} as const

function typed(type: keyof typeof eventTypes) {
  return { type, title: eventTypes[type].title }
}

function stockMessage(product: object): string {
  const left = firstWord(product, ['stock', 'quantity', 'currentStock', 'remaining', 'count'])
  const name = firstWord(product, ['name', 'title', 'sku', 'productId', 'id', '_id']) ?? 'A product'
  return left === undefined ? `${name} is running low.` : `${name} is running low: ${left} left.`
}

function budgetMessage(budget: object): string {
  const name = after(firstWord(budget, ['name', 'title', 'category', 'id', '_id']))
  const spent = firstWord(budget, ['spent', 'used', 'current'])
  const limit = firstWord(budget, ['limit', 'amount', 'total', 'budget'])
  return spent === undefined || limit === undefined
    ? `Budget${name} needs a look.`
    : `Budget${name}: ${spent} of ${limit} spent.`
}

/** The helpers by name. Names, types and audiences: ui.md §6. */
export const events = {
  orderCreated: { ...typed('order:new'), ...order, message: (one) => `Order${orderName(one)} was placed.` },
  orderUpdated: {
    ...typed('order:updated'),
    ...order,
    message(one) {
      const status = firstWord(one, ['status'])
      return `Order${orderName(one)} ${status === undefined ? 'was updated' : `is now ${status}`}.`
    },
  },
  lowStockAlert: {
    ...typed('inventory:lowStock'),
    priority: 'high',
    message: stockMessage,
    users: [],
    otherwise: ADMINS,
    facts: ['productId', 'sku', 'name', 'stock', 'quantity', 'currentStock', 'threshold'],
    text: 'id',
  },
  projectUpdated: {
    ...typed('project:updated'),
    message: (project) => `Project${after(firstWord(project, NAME))} was updated.`,
    users: ['members', 'memberIds', ...OWNER],
    otherwise: ADMINS,
    facts: ['projectId', 'name', 'title', 'status'],
    text: 'id',
  },
  taskAssigned: {
    ...typed('task:assigned'),
    message: (task) =>
      `A task was assigned to you:${after(firstWord(task, ['title', ...NAME]) ?? 'see the list')}.`,
    users: ['assigneeId', 'assignee_id', 'assignedTo', 'assignee', 'userId', 'user_id'],
    otherwise: ADMINS,
    facts: ['taskId', 'projectId', 'title', 'name', 'status', 'dueDate'],
    text: 'id',
  },
  budgetAlert: {
    ...typed('budget:alert'),
    priority: 'high',
    message: budgetMessage,
    users: OWNER,
    otherwise: ADMINS,
    facts: ['budgetId', 'name', 'category', 'spent', 'used', 'limit', 'amount'],
    text: 'id',
  },
  systemAlert: {
    ...typed('system:alert'),
    priority: 'high',
    message: (alert) => firstWord(alert, ['message', 'text', 'description']),
    users: [],
    otherwise: { all: true },
    facts: [],
    text: 'message',
  },
  paymentSuccess: {
    type: 'payment_success',
    title: 'Payment received',
    message(payment) {
      const sum = [firstWord(payment, ['amount', 'total']), firstWord(payment, ['currency'])]
      const words = sum[0] === undefined ? '' : ` of ${sum.filter((word) => word !== undefined).join(' ')}`
      return `Your payment${words} was received.`
    },
    users: CUSTOMER,
    otherwise: ADMINS,
    facts: ['paymentId', 'orderId', 'amount', 'total', 'currency'],
    text: 'id',
  },
  newAppointment: {
    type: 'new_appointment',
    title: 'New appointment',
    message: (visit) => `You have a new appointment${after(timeOf(visit))}.`,
    users: ['userId', 'user_id', 'patientId', 'patient_id', 'doctorId', 'doctor_id', 'user', 'patient'],
    otherwise: ADMINS,
    facts: ['appointmentId', 'date', 'time', 'startsAt', 'doctor'],
    text: 'id',
  },
} as const satisfies Record<string, EventTemplate>

function timeOf(visit: object): string | undefined {
  const words = [firstWord(visit, ['startsAt', 'date', 'day']), firstWord(visit, ['time'])]
  const known = words.filter((word) => word !== undefined)
  return known.length > 0 ? `on ${known.join(', ')}` : undefined
}

export type EventName = keyof typeof events
