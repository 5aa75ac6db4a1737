import type { BelfryClient } from '@belfry/client'
import type { Item } from '@belfry/protocol'
import { type Kit, useKit } from '../kit/KitContext.ts'
import { withAll } from '../kit/useStrings.ts'
import { toastCenterOf } from '../toasts/toast-center.ts'
import { undoStackOf } from './undo-stack.ts'

/** Source: ui.md §5, Optimistic, undo. */
const UNDO_MS = 6_000

export type Ids = string | readonly string[]

/** Changes of an inbox. They show at once; what is refused goes back and a toast says why. They never reject. */
export interface InboxActions {
  markRead(ids: Ids): Promise<void>
  markUnread(ids: Ids): Promise<void>
  markSeen(ids: Ids): Promise<void>
  archive(ids: Ids): Promise<void>
  unarchive(ids: Ids): Promise<void>
  /** Puts off until a time, at most a year from now: then they return unread, on top. */
  snooze(ids: Ids, until: Date | string): Promise<void>
  /** Brings back early, to the same place. */
  unsnooze(ids: Ids): Promise<void>
  remove(ids: Ids): Promise<void>
  markAllRead(options?: { category?: string }): Promise<void>
  /** Empties the inbox up to the newest item shown; this alone cannot be undone. */
  clearAll(): Promise<void>
}

const listOf = (ids: Ids): readonly string[] => (typeof ids === 'string' ? [ids] : ids)

const made = new WeakMap<Kit, InboxActions>()

/** The same ones for the same kit. */
export function actionsOf(kit: Kit): InboxActions {
  const actions = made.get(kit) ?? createActions(kit)
  made.set(kit, actions)
  return actions
}

/** Those of the nearest provider. */
export const useActions = (): InboxActions => actionsOf(useKit())

function createActions({ client, strings: own, parts }: Kit): InboxActions {
  const strings = withAll(own)
  const toasts = parts.of(toastCenterOf)
  const undo = parts.of(undoStackOf)
  const settled = (done: Promise<unknown> | undefined): Promise<void> =>
    Promise.resolve(done).then(
      () => undefined,
      (error: unknown) => {
        const message = error instanceof Error ? error.message : ''
        toasts.show({ id: 'belfry:refused', tone: 'danger', title: strings.errorTitle, message })
      },
    )
  const withUndo = (title: string, step: () => unknown) => {
    const back = undo.push(step)
    toasts.show({
      id: 'belfry:undo',
      title,
      duration: UNDO_MS,
      action: { label: strings.undo, run: back },
    })
  }
  return {
    markRead: (ids) => settled(client?.markRead(ids)),
    markUnread: (ids) => settled(client?.markUnread(ids)),
    markSeen: (ids) => settled(client?.markSeen(ids)),
    unarchive: (ids) => settled(client?.unarchive(ids)),
    unsnooze: (ids) => settled(client?.unsnooze(ids)),
    snooze(ids, until) {
      withUndo(strings.snoozed(listOf(ids).length), () => settled(client?.unsnooze(ids)))
      return settled(client?.snooze(ids, new Date(until).toISOString()))
    },
    archive(ids) {
      const unread = unreadAmong(client, listOf(ids))
      withUndo(strings.archived(listOf(ids).length), () => {
        // Archiving has read them.
        settled(client?.unarchive(ids))
        if (unread.length > 0) settled(client?.markUnread(unread))
      })
      return settled(client?.archive(ids))
    },
    remove(ids) {
      withUndo(strings.removed(listOf(ids).length), () => settled(client?.restore(ids)))
      return settled(client?.remove(ids))
    },
    markAllRead(narrowed) {
      const ids = unreadIds(client, narrowed?.category)
      // Only what is known to change can be taken back exactly.
      if (ids) withUndo(strings.readAll(ids.length), () => settled(client?.markUnread(ids)))
      return settled(client?.markAllRead(narrowed))
    },
    clearAll() {
      const upTo = client?.getSnapshot().items[0]?.id
      return settled(upTo === undefined ? undefined : client?.command('clearAll', { upTo }))
    },
  }
}

const isUnread = (item: Item) => item.readAt === null

function unreadAmong(client: BelfryClient | undefined, ids: readonly string[]): string[] {
  const items = client?.getSnapshot().items ?? []
  return items.filter((item) => isUnread(item) && ids.includes(item.id)).map(({ id }) => id)
}

/** Undefined when some are not loaded, or when there are none. */
function unreadIds(client: BelfryClient | undefined, category: string | undefined): string[] | undefined {
  if (!client) return undefined
  const { items, counts } = client.getSnapshot()
  const unread = items.filter((item) => isUnread(item) && (!category || item.category === category))
  const total = category === undefined ? counts.unread : (counts.byCategory[category]?.unread ?? 0)
  return unread.length > 0 && unread.length === total ? unread.map(({ id }) => id) : undefined
}
