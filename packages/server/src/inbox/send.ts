import { type Audience, Failure, type Item, type ParsedInput } from '@belfry/protocol'
import { type Actor, principalOf } from '../core/actor.ts'
import { sideBySide } from '../core/side-by-side.ts'
import { createTopic } from '../core/subscriptions.ts'
import { topics } from '../core/topics.ts'
import type { Tx } from '../store/store.ts'
import { type Content, deliver } from './deliver.ts'
import { freshItem, iso, type StoredBody, toBody } from './item.ts'
import { appendForKeepers } from './keepers.ts'
import {
  countRevoked,
  expiredItems,
  insertRevoked,
  itemsOfBody,
  revokeItem,
  roomExists,
  setBody,
  setPriority,
} from './statements.ts'

type Sent = { message: string; notification: Item }
const SENT = 'Notification sent and stored.'

interface Sending extends Content {
  audience: Audience
  except?: string[] | undefined
}

async function topicOf(tx: Tx, audience: Exclude<Audience, { users: string[] }>): Promise<string> {
  if ('user' in audience) return topics.user(audience.user)
  if ('all' in audience) return topics.all
  if ('room' in audience) {
    if (!(await tx.get(roomExists, { id: audience.room }))) throw new Failure('not_found')
    return topics.room(audience.room)
  }
  // A role nobody has yet is an empty audience, not an error.
  await createTopic(tx, topics.role(audience.role))
  return topics.role(audience.role)
}

async function send(tx: Tx, actor: Actor, { audience, except, ...content }: Sending): Promise<Item> {
  if (content.expiresAt !== undefined && Date.parse(content.expiresAt) <= tx.now) {
    throw new Failure('validation_failed', { field: 'expiresAt', message: 'expiresAt: This time is over.' })
  }
  const sender = principalOf(actor)
  if ('users' in audience) return sendToUsers(tx, sender, audience.users, { content, except })
  const topic = await topicOf(tx, audience)
  const item = await deliver(tx, { topic, content, sender, except })
  if (!item) throw new Failure('not_found')
  return item
}

/** One entry and item per recipient, one body for all; the first item's id stands for all of them. */
async function sendToUsers(
  tx: Tx,
  sender: string,
  users: string[],
  { content, except }: { content: Content; except: string[] | undefined },
): Promise<Item> {
  const [one, ...others] = new Set(users).difference(new Set(except))
  if (one === undefined)
    throw new Failure('validation_failed', { field: 'audience.users', message: 'Nobody is left.' })
  const tell = async (user: string, sharedWith?: string) => {
    const item = await deliver(tx, { topic: topics.user(user), content, sender, sharedWith })
    if (!item) throw new Failure('not_found')
    return item
  }
  const first = await tell(one)
  // Each on a topic of its own: none reads what another writes.
  await sideBySide(others, (user) => tell(user, first.id))
  return first
}

export async function notify(tx: Tx, actor: Actor, input: ParsedInput<'notify'>): Promise<Sent> {
  return { message: SENT, notification: await send(tx, actor, input) }
}

export async function notifyBulk(tx: Tx, actor: Actor, input: ParsedInput<'notifyBulk'>) {
  const notifications: Item[] = []
  for (const one of input.notifications) notifications.push(await send(tx, actor, one))
  return { notifications }
}

export async function broadcast(tx: Tx, actor: Actor, input: ParsedInput<'broadcast'>): Promise<Sent> {
  const { type = 'system', ...content } = input
  return { message: SENT, notification: await send(tx, actor, { audience: { all: true }, type, ...content }) }
}

export async function sendTest(tx: Tx, actor: Actor, input: ParsedInput<'sendTest'>) {
  if (actor.kind !== 'user') throw new Failure('unauthorized')
  const { message = 'This is a test', type = 'info', title = 'Test notification' } = input
  return { notification: await send(tx, actor, { audience: { user: actor.id }, message, type, title }) }
}

export async function editNotification(tx: Tx, _: Actor, input: ParsedInput<'editNotification'>) {
  const { id, idempotencyKey: _key, priority, ...changes } = input
  const items = await tx.all(itemsOfBody, { id })
  const original = items.find((row) => row.id === id)
  if (!original?.body) throw new Failure('not_found')
  const before: StoredBody = JSON.parse(original.body)
  const body = JSON.stringify({ ...before, ...definedOnly(changes), editedAt: iso(tx.now) })
  const columns = { priority: priority ?? original.priority }
  tx.write(setBody, { id, body, ...columns })
  tx.write(setPriority, { id, ...columns })
  for (const row of items) {
    const except: string[] = row.withheld_from === null ? [] : JSON.parse(row.withheld_from)
    await appendForKeepers(tx, row, 'item.edited', toBody({ ...row, ...columns, body }), except)
  }
  return { notification: freshItem(toBody({ ...original, ...columns, body })) }
}

function definedOnly(changes: object): object {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
}

export async function recallNotification(tx: Tx, _: Actor, { id }: ParsedInput<'recallNotification'>) {
  const items = await tx.all(itemsOfBody, { id })
  if (items.length === 0) throw new Failure('not_found')
  for (const row of items) await revoke(tx, row, 'recalled')
  return {}
}

const BLANK: StoredBody = { title: '', message: '', meta: null }

/** Withdraws it, and keeps nothing of what it said; what is gone already stays gone. */
export async function eraseNotification(tx: Tx, id: string): Promise<void> {
  const items = await tx.all(itemsOfBody, { id })
  for (const row of items) await revoke(tx, row, 'recalled')
  const original = items.find((row) => row.id === id)
  if (original) tx.write(setBody, { id, body: JSON.stringify(BLANK), priority: original.priority })
}

/** Run by the server's own timer: what has expired disappears everywhere. Replies how many there were. */
export async function expireItems(tx: Tx): Promise<{ expired: number }> {
  const items = await tx.all(expiredItems, { now: tx.now })
  for (const row of items) await revoke(tx, row, 'expired')
  return { expired: items.length }
}

interface Revocable {
  id: string
  topic: string
  rank: number
  category: string
}

async function revoke(tx: Tx, row: Revocable, reason: 'recalled' | 'expired'): Promise<void> {
  const { id, topic, rank, category } = row
  tx.write(revokeItem, { id, at: tx.now })
  tx.write(insertRevoked, { topic, rank, category })
  tx.write(countRevoked, { topic })
  await appendForKeepers(tx, row, 'item.recalled', { id, reason })
}
