import type { Message } from '@belfry/protocol'
import type { LogEntry, Reader } from '../store/store.ts'
import { toMessages } from './message-shape.ts'
import { readableMessages } from './message-statements.ts'

const KINDS: ReadonlySet<string> = new Set([
  'message.posted',
  'message.edited',
  'message.deleted',
  'message.reacted',
])
/** Below the number of parameters that both databases take in one statement. */
const PER_QUERY = 500

const idIn = (entry: LogEntry): string | undefined =>
  KINDS.has(entry.kind) && 'id' in entry.data ? entry.data.id : undefined

/**
 * Puts messages, as they are now, into entries that hold only their ids: an old entry must not bring back what was
 * deleted since. With a `viewer` as that user sees them, or not at all, else as everyone who hears the chat may.
 */
export async function fillMessages<E extends LogEntry>(
  reader: Reader,
  entries: readonly E[],
  viewer?: string,
): Promise<E[]> {
  const ids = [...new Set(entries.flatMap((entry) => idIn(entry) ?? []))]
  const messages = new Map<string, Message>()
  for (let at = 0; at < ids.length; at += PER_QUERY) {
    const some = ids.slice(at, at + PER_QUERY)
    const rows = await reader.query((db) =>
      viewer === undefined
        ? db.selectFrom('message').selectAll().where('id', 'in', some)
        : readableMessages(db, viewer).where('m.id', 'in', some),
    )
    for (const message of await toMessages(reader, rows, viewer)) messages.set(message.id, message)
  }
  return entries.map((entry) => {
    const id = idIn(entry)
    if (id === undefined) return entry
    const message = messages.get(id)
    // The kind stays what it was, and its data become whole; or the offset stays without content.
    return (message ? { ...entry, data: message } : { ...entry, kind: 'item.withheld', data: {} }) as E
  })
}
