import type { Cursor, Entry, Item, ItemBody, SyncFrame } from '@belfry/protocol'
import { topics } from '../../core/topics.ts'
import type { LogEntry } from '../../store/store.ts'

/** What a reader of the log can know of an item; `pending` or `delivered` is not in the log. */
export type KnownItem = Pick<ItemBody, 'id' | 'category' | 'title' | 'message' | 'priority' | 'editedAt'> &
  Pick<Item, 'readAt' | 'seenAt' | 'archivedAt'> & { snoozedUntil: string | null }

/** The smallest client: what it holds follows from entries and snapshots alone. */
export class ReferenceReader {
  readonly user: string
  readonly items = new Map<string, KnownItem>()
  readonly epoch: string
  offsets: Record<string, number>
  readonly #heard: Set<string>

  constructor(user: string, epoch: string) {
    this.user = user
    this.epoch = epoch
    this.offsets = { [topics.user(user)]: 0 }
    this.#heard = new Set([topics.user(user)])
  }

  /** A device that was closed now and comes back with this cursor and these items. */
  clone(): ReferenceReader {
    const copy = new ReferenceReader(this.user, this.epoch)
    copy.offsets = { ...this.offsets }
    for (const topic of this.#heard) copy.#heard.add(topic)
    for (const [id, item] of this.items) copy.items.set(id, { ...item })
    return copy
  }

  get cursor(): Cursor {
    return { epoch: this.epoch, offsets: { ...this.offsets } }
  }

  /** One entry as it is committed. */
  hear({ except, ...entry }: LogEntry): void {
    if (!this.#heard.has(entry.topic)) return
    const last = this.offsets[entry.topic] ?? 0
    if (entry.offset !== last + 1) throw new Error(`${entry.topic} went from ${last} to ${entry.offset}`)
    this.offsets[entry.topic] = entry.offset
    if (!except?.includes(this.user)) this.#apply(entry as Entry)
  }

  /** One answer to `sync`. */
  take(frame: SyncFrame): void {
    if (!frame.complete) {
      this.items.clear()
      for (const item of frame.items) this.load(item)
    } else for (const entry of frame.entries) this.#apply(entry)
    this.offsets = { ...frame.cursor.offsets }
    this.#heard.clear()
    for (const topic of Object.keys(this.offsets)) this.#heard.add(topic)
  }

  /** An item from a snapshot or a page of the list. */
  load(item: ItemBody & Partial<Item>): void {
    const { id, category, title, message, priority } = item
    this.items.set(id, {
      ...{ id, category, title, message, priority },
      ...(item.editedAt === undefined ? {} : { editedAt: item.editedAt }),
      readAt: item.readAt ?? null,
      seenAt: item.seenAt ?? null,
      archivedAt: item.archivedAt ?? null,
      snoozedUntil: item.snoozedUntil ?? null,
    })
  }

  #apply(entry: Entry): void {
    switch (entry.kind) {
      case 'item.created':
        return this.load(entry.data)
      case 'item.edited':
        return this.#edit(entry.data)
      case 'item.recalled':
        return void this.items.delete(entry.data.id)
      case 'item.woken':
        return void this.items.delete(entry.data.id)
      case 'item.deleted':
        return this.#each(entry.data.ids, (item) => this.items.delete(item.id))
      case 'item.restored':
      case 'item.unarchived':
      case 'item.unsnoozed':
        for (const item of entry.data.items) this.load(item)
        return
      case 'topic.joined':
        this.#heard.add(entry.data.topic)
        this.offsets[entry.data.topic] = Math.max(entry.data.offset, this.offsets[entry.data.topic] ?? 0)
        return
      case 'topic.left':
        return void this.#heard.delete(entry.data.topic)
      default:
        this.#mark(entry)
    }
  }

  #mark(entry: Entry): void {
    switch (entry.kind) {
      case 'item.read':
        return this.#each(entry.data.ids, (item) => read(item, entry.data.at))
      case 'item.unread':
        return this.#each(entry.data.ids, (item) => {
          item.readAt = null
        })
      case 'item.seen':
        return this.#each(entry.data.ids, (item) => see(item, entry.data.at))
      case 'item.archived':
        return this.#each(entry.data.ids, (item) => {
          read(item, entry.data.at)
          item.archivedAt = entry.data.at
        })
      case 'item.snoozed':
        return this.#each(entry.data.ids, (item) => {
          see(item, entry.data.at)
          item.snoozedUntil = entry.data.until
        })
      case 'inbox.read': {
        const { upTo, at, category } = entry.data
        return this.#upTo(upTo, (item) => {
          if (item.snoozedUntil !== null) return
          if (category === undefined || item.category === category) read(item, at)
        })
      }
      case 'inbox.seen':
        return this.#upTo(entry.data.upTo, (item) => see(item, entry.data.at))
      case 'inbox.cleared':
        return this.#upTo(entry.data.upTo, (item) => {
          if (item.snoozedUntil === null) this.items.delete(item.id)
        })
    }
  }

  #edit({ id, title, message, priority, editedAt }: ItemBody): void {
    this.#each([id], (item) => Object.assign(item, { title, message, priority, editedAt }))
  }

  #each(ids: readonly string[], change: (item: KnownItem) => void): void {
    for (const id of ids) {
      const item = this.items.get(id)
      if (item) change(item)
    }
  }

  #upTo(upTo: string, change: (item: KnownItem) => void): void {
    for (const item of [...this.items.values()]) if (item.id <= upTo) change(item)
  }
}

function read(item: KnownItem, at: string): void {
  item.readAt ??= at
  see(item, at)
}

function see(item: KnownItem, at: string): void {
  item.seenAt ??= at
}
