import type { Item } from '@belfry/protocol'
import type { SyncContent } from '../core/sync.ts'
import type { Reader } from '../store/store.ts'
import { countsOf } from './counts.ts'
import { listNotifications } from './list.ts'
import { toItems } from './state.ts'
import { visibleItems } from './statements.ts'

/** How many items a snapshot brings; the first page of an inbox. */
const SNAPSHOT_ITEMS = 50
/** Below the number of parameters that both databases take in one statement. */
const IDS_PER_QUERY = 250

async function itemsById(reader: Reader, user: string, ids: string[]): Promise<Map<string, Item>> {
  const found = new Map<string, Item>()
  for (let at = 0; at < ids.length; at += IDS_PER_QUERY) {
    const some = ids.slice(at, at + IDS_PER_QUERY)
    const rows = await reader.query((db) =>
      visibleItems(db, user).where('i.id', 'in', some).where('e.deleted_at', 'is', null),
    )
    for (const item of await toItems(reader, user, rows)) found.set(item.id, item)
  }
  return found
}

/** The inbox's part of a sync. */
export const inboxSync: SyncContent = {
  counts: countsOf,
  async newest(reader, user) {
    const page = await listNotifications(reader, { user, limit: SNAPSHOT_ITEMS })
    return { items: page.notifications, nextCursor: page.nextCursor }
  },
  itemsById,
}
