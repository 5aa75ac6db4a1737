import { fromCached, toCached } from './cached-inbox.ts'
import type { Environment } from './environment.ts'
import type { Inbox } from './inbox.ts'
import { KeptQueue } from './kept-queue.ts'
import { LocalCopy } from './local-copy.ts'
import type { LocalStore } from './local-store.ts'
import { changeKinds, type QueuedChange } from './queued-change.ts'
import { isItem, isListOf, isRecord, isText } from './stored-values.ts'

export interface KeepingOptions {
  environment: Environment
  store: LocalStore
  /** The user's. */
  key: string
  isCached: boolean
  /** Changes that another page has left. */
  onTaken(changes: QueuedChange[]): void
}

/** What the device keeps for a user. */
export interface Keeping {
  queue: KeptQueue<QueuedChange>
  copy: LocalCopy<Inbox> | undefined
}

export function keepFor({ environment, store, key, isCached, onTaken }: KeepingOptions): Keeping {
  const { clock, newId, tabs } = environment
  const locks = tabs?.locks
  const queue = new KeptQueue({ store, clock, key, locks, id: newId(), isOne: isQueuedChange, onTaken })
  const copy = isCached ? new LocalCopy({ store, clock, key, write: toCached, read: fromCached }) : undefined
  return { queue, copy }
}

function isQueuedChange(value: unknown): value is QueuedChange {
  if (!isRecord(value) || !isText(value.key) || !isText(value.at)) return false
  if (Number.isNaN(Date.parse(value.at)) || !isText(value.name)) return false
  if (value.name === 'markAllRead') {
    return isText(value.upTo) && (value.category === undefined || isText(value.category))
  }
  const hasTime = value.name === 'snooze' ? isText(value.until) : value.until === undefined
  const isKnown = hasTime && Object.hasOwn(changeKinds, value.name)
  return isKnown && isListOf(value.ids, isText) && isListOf(value.items, isItem)
}
