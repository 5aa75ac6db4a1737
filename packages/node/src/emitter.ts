import type { Audience, CommandInput, CommandReply } from '@belfry/protocol'
import type { BelfryClient } from './client.ts'
import { type EventName, type EventTemplate, events } from './events.ts'
import { factsOf, idOf, type Subject, type UserRef, usersOf } from './subject.ts'

type NotifyInput = CommandInput<'notify'>
type AudienceField = 'audience' | 'user_id' | 'userId' | 'role' | 'room'

/** What is said; who hears it is named beside it. */
export type Notification = Omit<NotifyInput, AudienceField> & {
  /** Another name for `meta`. */
  data?: NotifyInput['meta']
}

/** What a helper's own words are replaced with, and who it is for when not who the subject names. */
export type EventOptions = Partial<Notification> & { audience?: Audience }

/** What was stored. `recipients` is there when the server says how many they are. */
export interface Sent {
  id: string
  notification: CommandReply<'notify'>['notification']
  recipients?: number
}

/**
 * Sends the notification of one kind of event. It goes to `options.audience`, else to the given user or users, else to
 * whom the subject names, else to the kind's own default. Ids are taken in place of objects, and the user may come
 * first: `taskAssigned(task, userId)` and `taskAssigned(userId, task)` are the same.
 */
export interface EventHelper {
  (subject: Subject, to?: UserRef | readonly UserRef[], options?: EventOptions): Promise<Sent>
  (subject: object, options: EventOptions): Promise<Sent>
  (user: string, subject: object, options?: EventOptions): Promise<Sent>
}

export type Helper<A extends unknown[]> = (...args: A) => Promise<Sent>

/** Ways to send. They need no `this`, so they may be passed around. Each rejects with a `Failure`. */
export type Emitter = { readonly [N in EventName]: EventHelper } & {
  sendToUser(user: UserRef, notification: Notification | string): Promise<Sent>
  sendToUsers(users: readonly UserRef[], notification: Notification | string): Promise<Sent>
  sendToRole(role: string, notification: Notification | string): Promise<Sent>
  sendToRoom(room: string, notification: Notification | string): Promise<Sent>
  sendToAll(notification: Notification | string): Promise<Sent>
}

export type Sender = Pick<BelfryClient, 'notify'>

/** All ways to send, over a client that is asked for at each send. */
export function createEmitter(senderOf: () => Sender): Emitter {
  const to = async (audience: Audience, notification: Notification | string) =>
    sendNotice(senderOf(), { audience, ...contentOf(notification) })
  const helpers = Object.entries(events).map(([name, template]) => [
    name,
    async (...args: unknown[]) => sendNotice(senderOf(), eventNotice(template, args)),
  ])
  return {
    // One helper per row of the table that also gives their names; `fromEntries` cannot say so.
    ...(Object.fromEntries(helpers) as { [N in EventName]: EventHelper }),
    sendToUser: async (user, notification) => to({ user: knownId(user) }, notification),
    sendToUsers: async (users, notification) => to({ users: users.map(knownId) }, notification),
    sendToRole: (role, notification) => to({ role }, notification),
    sendToRoom: (room, notification) => to({ room }, notification),
    sendToAll: (notification) => to({ all: true }, notification),
  }
}

/** Sends whatever a template of the app's own has made. */
export async function sendNotice(sender: Sender, input: NotifyInput): Promise<Sent> {
  const reply: CommandReply<'notify'> & { recipients?: unknown } = await sender.notify(input)
  const { notification, recipients } = reply
  return { id: notification.id, notification, ...(typeof recipients === 'number' ? { recipients } : {}) }
}

function knownId(user: UserRef): string {
  const id = idOf(user)
  if (id === undefined) throw new TypeError('Name a user: an id, or an object with one.')
  return id
}

function contentOf(notification: Notification | string): Omit<NotifyInput, AudienceField> {
  if (typeof notification === 'string') return { message: notification }
  const { data, ...content } = notification
  return data === undefined ? content : { meta: data, ...content }
}

function eventNotice(template: EventTemplate, args: readonly unknown[]): NotifyInput {
  const { subject, users, options } = readArguments(template, args)
  const { audience = audienceOf(template, subject, users), data, message, ...content } = options
  const facts = factsOf(subject, template.facts)
  const sentence = message ?? template.message(subject)
  if (sentence === undefined) throw new TypeError('Say something: give a message.')
  return {
    type: template.type,
    title: template.title,
    ...(template.priority ? { priority: template.priority } : {}),
    ...(template.text === 'message' ? saidBy(subject) : {}),
    ...(Object.keys(facts).length > 0 ? { meta: facts } : {}),
    ...(data === undefined ? {} : { meta: data }),
    ...content,
    message: sentence,
    audience,
  }
}

/** Of an alert, title and urgency are the subject's own. */
function saidBy(subject: object): Pick<EventOptions, 'title' | 'priority' | 'url'> {
  const pairs = ['title', 'priority', 'url'].map((name) => [name, Reflect.get(subject, name)] as const)
  return Object.fromEntries(pairs.filter(([, value]) => value !== undefined))
}

interface Arguments {
  subject: object
  users: string[] | undefined
  options: EventOptions
}

/** The forms of `EventHelper`, told apart. */
function readArguments(template: EventTemplate, args: readonly unknown[]): Arguments {
  const [first, second] = args
  const last = args.length > 2 ? args.at(-1) : undefined
  const options: EventOptions = isObject(last) ? last : {}
  if (isObject(first)) {
    return isObject(second) && idOf(second) === undefined
      ? { subject: first, users: undefined, options: second }
      : { subject: first, users: usersOf(second), options }
  }
  if (isOptions(second)) return { subject: { [template.text]: first }, users: undefined, options: second }
  if (isObject(second)) return { subject: second, users: usersOf(first), options }
  if (idOf(first) === undefined) throw new TypeError('Say what it is about: an object, or its id.')
  return { subject: { [template.text]: first }, users: usersOf(second), options }
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Options say what is sent or to whom; a user or a subject in their place has neither. */
const OPTION_NAMES = ['audience', 'message', 'priority', 'url', 'idempotencyKey', 'actions', 'meta', 'data']

function isOptions(value: unknown): value is EventOptions {
  return isObject(value) && idOf(value) === undefined && OPTION_NAMES.some((name) => name in value)
}

function audienceOf(template: EventTemplate, subject: object, users: string[] | undefined): Audience {
  const named = users ?? firstUsers(subject, template.users)
  const [only, ...others] = named ?? []
  if (only === undefined) return template.otherwise
  return others.length === 0 ? { user: only } : { users: [only, ...others] }
}

function firstUsers(subject: object, names: readonly string[]): string[] | undefined {
  for (const name of names) {
    const users = usersOf(Reflect.get(subject, name))
    if (users) return users
  }
  return undefined
}
