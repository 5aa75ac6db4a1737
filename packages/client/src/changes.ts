import type { CommandInput, Item } from '@belfry/protocol'
import type { Commands } from './commands.ts'
import type { InboxChange } from './effects.ts'
import type { Model } from './model.ts'

/** Source: the command table. */
const MAX_IDS = 100

export type ChangeName =
  | 'markRead'
  | 'markUnread'
  | 'markSeen'
  | 'archive'
  | 'unarchive'
  | 'deleteNotifications'
  | 'restore'

/** The entry that each change becomes. */
const foreseen: Record<ChangeName, (ids: string[], at: string, items: Item[]) => InboxChange> = {
  markRead: (ids, at) => ({ kind: 'item.read', data: { ids, at } }),
  markUnread: (ids) => ({ kind: 'item.unread', data: { ids } }),
  markSeen: (ids, at) => ({ kind: 'item.seen', data: { ids, at } }),
  archive: (ids, at) => ({ kind: 'item.archived', data: { ids, at } }),
  unarchive: (ids, _, items) => ({
    kind: 'item.unarchived',
    data: { ids, items: items.map((item) => ({ ...item, archivedAt: null })) },
  }),
  deleteNotifications: (ids, at) => ({ kind: 'item.deleted', data: { ids, at } }),
  restore: (ids, _, items) => ({ kind: 'item.restored', data: { ids, items } }),
}

export interface ChangesOptions {
  model: Model
  commands: Commands
  /** Server time, ISO 8601. */
  now(): string
  onAnswered(): void
  onRefused(error: unknown): void
}

/** Own changes: shown at once, sent one after the other, taken back when they are refused. */
export class Changes {
  readonly #options: ChangesOptions

  constructor(options: ChangesOptions) {
    this.#options = options
  }

  make(name: ChangeName, ids: string[]): Promise<void> {
    const { model, now } = this.#options
    const parts: Promise<void>[] = []
    for (let at = 0; at < ids.length; at += MAX_IDS) {
      const some = ids.slice(at, at + MAX_IDS)
      const items = some.map((id) => model.lastKnown(id)).filter((item) => item !== undefined)
      parts.push(this.#send(foreseen[name](some, now(), items), name, { ids: some }))
    }
    return handled(Promise.all(parts).then(() => undefined))
  }

  markAllRead(category: string | undefined): Promise<void> {
    const { model, now } = this.#options
    const upTo = model.view.items[0]?.id
    if (upTo === undefined) return Promise.resolve()
    const input = category === undefined ? { upTo } : { upTo, category }
    return handled(this.#send({ kind: 'inbox.read', data: { ...input, at: now() } }, 'markAllRead', input))
  }

  #send<N extends ChangeName | 'markAllRead'>(
    change: InboxChange,
    name: N,
    input: CommandInput<N>,
  ): Promise<void> {
    const { model, commands, onAnswered, onRefused } = this.#options
    const id = model.foresee(change)
    return commands.queue(name, input).then(
      () => {
        model.answered(id)
        onAnswered()
      },
      (error: unknown) => {
        model.rollBack(id)
        onRefused(error)
        throw error
      },
    )
  }
}

/** Who does not wait for it finds the failure in the state; it must not end a process. */
export function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined)
  return promise
}
