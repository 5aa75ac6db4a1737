import type { Item } from '@belfry/protocol'
import type { SyncContent } from '../core/sync.ts'
import type { Reader } from '../store/store.ts'
import { countsOf } from './counts.ts'
import { listNotifications } from './list.ts'
import { toItems } from './state.ts'
import { visibleItem } from './statements.ts'

/** How many items a snapshot brings; the first page of an inbox. */
const SNAPSHOT_ITEMS = 50
/** One by one: asked for many ids together, SQLite walks the whole topic in search of them. */
async function itemsById(reader: Reader, user: string, ids: string[]): Promise<Map<string, Item>> {
  const rows: NonNullable<Awaited<ReturnType<typeof find>>>[] = []
  for (const id of ids) {
    const row = await find(reader, user, id)
    if (row && row.deleted_at === null) rows.push(row)
  }
  return new Map((await toItems(reader, user, rows)).map((item) => [item.id, item]))
}

const find = (reader: Reader, user: string, id: string) => reader.get(visibleItem, { user, id })

/** The inbox's part of a sync. */
export const inboxSync: Omit<SyncContent, 'fill'> = {
  counts: countsOf,
  async newest(reader, user) {
    const page = await listNotifications(reader, { user, limit: SNAPSHOT_ITEMS })
    return { items: page.notifications, nextCursor: page.nextCursor }
  },
  itemsById,
}
