import { categoryOf, type Item, type ItemBody } from '@belfry/protocol'
import { statement } from '../store/sql/statement.ts'
import type { Tx } from '../store/store.ts'
import { numberOf } from './count.ts'
import { freshItem, iso, type StoredBody } from './item.ts'
import { insertItem, setCategories, takeRank } from './statements.ts'

/** A topic keeps numbers for this many categories; what comes later is counted as `other`, so that its row stays small. */
const MAX_CATEGORIES = 64

const withhold = statement<{ user: string; topic: string; rank: number; category: string }>()((db, p) =>
  db
    .insertInto('exception')
    .values({
      user_id: p.user,
      topic: p.topic,
      rank: p.rank,
      category: p.category,
      is_read: null,
      read_at: null,
      seen_at: null,
      archived_at: null,
      deleted_at: 0,
      snoozed_until: null,
    })
    .onConflict((conflict) => conflict.doNothing()),
)

/** What a sender says, after validation. */
export interface Content extends Omit<StoredBody, 'title' | 'meta'> {
  type?: string | undefined
  title?: string | undefined
  priority?: ItemBody['priority'] | undefined
  category?: string | undefined
  meta?: Record<string, unknown> | null | undefined
  expiresAt?: string | undefined
}

export interface Delivery {
  topic: string
  content: Content
  sender: string
  /** Users of the audience who do not get it. */
  except?: string[] | undefined
  /** The item whose body this one shares. */
  sharedWith?: string | undefined
  /** Of an item that comes back: the id under which it was sent first. */
  originId?: string | undefined
}

/** Stores one notification in one topic, whatever the topic's audience: one entry, one item. Undefined: no such topic. */
export async function deliver(tx: Tx, delivery: Delivery): Promise<Item | undefined> {
  const { topic, content, sharedWith, originId } = delivery
  const taken = await tx.get(takeRank, { topic })
  if (!taken) return undefined
  const numbers: Record<string, number> = JSON.parse(taken.categories)
  const category = categoryIn(numbers, content)
  numbers[category] = numberOf(numbers, category) + 1
  tx.write(setCategories, { topic, categories: JSON.stringify(numbers) })

  const { body, columns } = split(content)
  const except = delivery.except ?? []
  const id = tx.newId()
  const place = { id, topic, offset: taken.head, category, ...columns }
  tx.write(insertItem, {
    ...place,
    rank: taken.items,
    createdAt: tx.now,
    expiresAt: content.expiresAt === undefined ? null : Date.parse(content.expiresAt),
    bodyId: sharedWith ?? null,
    sender: delivery.sender,
    body: sharedWith === undefined ? JSON.stringify(body) : null,
    withheldFrom: except.length === 0 ? null : JSON.stringify(except),
    originId: originId ?? null,
  })
  for (const user of except) tx.write(withhold, { user, topic, rank: taken.items, category })
  const more = {
    ...(content.expiresAt === undefined ? {} : { expiresAt: content.expiresAt }),
    ...(originId === undefined ? {} : { originId }),
  }
  const data = { ...place, ...body, createdAt: iso(tx.now), ...more } as ItemBody
  tx.publish({ topic, offset: taken.head, kind: 'item.created', data, at: data.createdAt }, except)
  return freshItem(data)
}

function categoryIn(numbers: Record<string, number>, content: Content): string {
  const wanted = content.category ?? categoryOf(content.type ?? 'info')
  return Object.hasOwn(numbers, wanted) || Object.keys(numbers).length < MAX_CATEGORIES ? wanted : 'other'
}

function split(content: Content) {
  const { type = 'info', priority = 'medium', category: _, expiresAt: _e, title, meta, ...rest } = content
  const body: StoredBody = { title: title ?? 'Notification', meta: meta ?? null, ...rest }
  return { columns: { type, priority }, body }
}
