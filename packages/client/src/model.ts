import type { Item } from '@belfry/protocol'
import type { InboxChange } from './effects.ts'
import { type Applied, emptyInbox, type Inbox, settleCounts } from './inbox.ts'
import { confirm, noNumbers, type Pending, rebase, settle, type View, viewOf } from './pending.ts'

/** Ids told to listeners; a log never brings an item again after so many others. */
const MAX_TOLD = 1000

export interface ModelOptions {
  onChange(): void
  /** The server has told something; called before `onChange`. */
  onApplied(applied: Applied): void
  /** Everything was thrown away; called before `onChange`. */
  onReset(): void
  /** A new item that came live or was caught up with; at most once per id. */
  onItem(item: Item): void
}

/** The one mutable cell: what the server has told, and own changes that it has not confirmed. */
export class Model {
  readonly #options: ModelOptions
  #inbox: Inbox = emptyInbox
  #pending: readonly Pending[] = []
  #view: View | undefined
  #lastId = 0
  readonly #told = new Set<string>()

  constructor(options: ModelOptions) {
    this.#options = options
  }

  get inbox(): Inbox {
    return this.#inbox
  }

  get view(): View {
    this.#view ??= viewOf(this.#inbox, this.#pending)
    return this.#view
  }

  /** Own changes that the server's numbers do not hold yet. */
  get pending(): readonly Pending[] {
    return this.#pending
  }

  apply(applied: Applied): void {
    const { inbox, entries, created } = applied
    this.#options.onApplied(applied)
    // A snapshot may hold own changes without having told their entries.
    const pending = applied.isSnapshot ? rebase(inbox, this.#pending) : this.#pending
    this.#set(inbox, confirm(pending, entries))
    for (const item of created) this.#tell(item)
  }

  update(inbox: Inbox): void {
    this.#set(inbox, this.#pending)
  }

  /**
   * Shows changes before the server knows of them. Answers their ids here.
   * @param undone ids of earlier ones, if they are shown, that are taken back
   */
  foresee(changes: readonly InboxChange[], undone: readonly (number | undefined)[]): number[] {
    const kept = this.#pending.filter(({ id }) => !undone.includes(id))
    if (changes.length === 0 && kept.length === this.#pending.length) return []
    const added = changes.map((change): Pending => {
      this.#lastId += 1
      return { id: this.#lastId, change, delta: noNumbers, isAnswered: false }
    })
    this.#set(this.#inbox, rebase(this.#inbox, [...kept, ...added]))
    return added.map(({ id }) => id)
  }

  /** The server has done it. It stays in view until the entry comes. */
  answered(id: number): void {
    this.#pending = this.#pending.map((one) => (one.id === id ? { ...one, isAnswered: true } : one))
  }

  /** For another user. */
  reset(): void {
    this.#told.clear()
    this.#options.onReset()
    this.#set(emptyInbox, [])
  }

  /** Changes whose entries, if there are any, were committed by now. */
  get answeredIds(): ReadonlySet<number> {
    return new Set(this.#pending.filter(({ isAnswered }) => isAnswered).map(({ id }) => id))
  }

  /** Nothing is missing: changes answered before that was asked, without an entry, have changed nothing. */
  nothingMissing(answered: ReadonlySet<number>): void {
    this.#set(
      settleCounts(this.#inbox),
      this.#pending.filter(({ id, doneAt }) => doneAt !== undefined || !answered.has(id)),
    )
  }

  /** The item as it was when it left the list, or is. */
  lastKnown(id: string): Item | undefined {
    const has = (item: Item) => item.id === id
    return this.#inbox.list.items.find(has) ?? this.#inbox.list.removed.find(has)
  }

  #set(inbox: Inbox, pending: readonly Pending[]): void {
    this.#inbox = inbox
    this.#pending = settle(pending, inbox.counts)
    this.#view = undefined
    this.#options.onChange()
  }

  #tell(item: Item): void {
    if (this.#told.has(item.id)) return
    this.#told.add(item.id)
    const [oldest] = this.#told
    if (this.#told.size > MAX_TOLD && oldest !== undefined) this.#told.delete(oldest)
    this.#options.onItem(item)
  }
}
