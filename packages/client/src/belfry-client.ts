import type { CommandInput, CommandName, CommandReply, Item } from '@belfry/protocol'
import { Client } from './client.ts'
import type { ClientOptions } from './client-options.ts'
import type { ClientState } from './client-state.ts'
import type { Environment } from './environment.ts'
import type { Host } from './host.ts'
import type { ItemFilter } from './item-filter.ts'
import type { WireFrame } from './line.ts'
import type { ItemListView, ListOptions } from './lists.ts'
import type { ChangeName } from './queued-change.ts'

type Ids = string | readonly string[]

/**
 * A user's inbox that keeps itself up to date. All methods work without `this`.
 *
 * Changes show at once and resolve when the server has confirmed them. They reject with `ClientFailure` when it refuses
 * (the change is taken back) or when nobody answers; who does not wait finds the reason in `error`.
 *
 * In a browser, changes that are not confirmed survive a reload: after `closed` and `unauthorized` they are sent all the
 * same when this user is signed in again on this device. A later change of an item takes the place of an unsent one. While
 * offline at most 200 wait; further ones reject with `queue_full`.
 */
export interface BelfryClient {
  /** Opens the connection and keeps it open. */
  connect(): void
  /** Closes the connection; what is loaded stays. */
  disconnect(): void
  /** Ends everything: no socket, no timer; what waits for an answer rejects with `closed`. */
  close(): void
  /**
   * Ends everything, in every tab of this browser: what is shown and what the device has kept for the user is gone.
   * Resolves when it is removed. Only the web push subscription is left to whoever made it.
   */
  signOut(): Promise<void>
  /** Calls when the user has signed out in another tab; by then this client is closed and empty. */
  onSignedOut(listener: () => void): () => void
  /** Tries now instead of after the wait. */
  retryNow(): void
  /** Calls after every change of the state; answers what stops it. */
  subscribe(listener: () => void): () => void
  getSnapshot(): ClientState
  /** Calls once per new item, live or caught up with; not for what a first load or a snapshot brings. */
  onItem(listener: (item: Item) => void): () => void
  /** Calls for each frame on the wire. */
  onFrame(listener: (frame: WireFrame) => void): () => void
  markRead(ids: Ids): Promise<void>
  markUnread(ids: Ids): Promise<void>
  markSeen(ids: Ids): Promise<void>
  archive(ids: Ids): Promise<void>
  /** Brings archived items back. */
  unarchive(ids: Ids): Promise<void>
  /** Puts away until a time, ISO 8601, at most a year from now: then they return unread, on top, as new items. */
  snooze(ids: Ids, until: string): Promise<void>
  /** Brings back early what was snoozed: same place, same state. */
  unsnooze(ids: Ids): Promise<void>
  /** Deletes for this user alone; `restore` undoes it. */
  remove(ids: Ids): Promise<void>
  restore(ids: Ids): Promise<void>
  /** Everything up to the newest item shown; what arrives meanwhile stays unread. */
  markAllRead(options?: { category?: string }): Promise<void>
  /** Sends the changes that `oldChanges` counts. */
  sendOldChanges(): void
  /** Gives them up. */
  dropOldChanges(): void
  /** What fits a filter, page by page; without a filter, the whole inbox. Close it after use. */
  list(filter?: ItemFilter, options?: ListOptions): ItemListView
  /** Throws away what is loaded and loads it anew. */
  refresh(): void
  /** Any command that a socket may call. */
  command<N extends CommandName>(name: N, input: CommandInput<N>): Promise<CommandReply<N>>
  /** @internal For parts that come as entries of their own, such as `@belfry/client/chat`. */
  extend<T>(make: (host: Host) => T): T
}

/** The client over given surroundings. */
export function createClientIn(environment: Environment, options: ClientOptions): BelfryClient {
  const client = new Client(environment, options)
  const change = (name: ChangeName) => (ids: Ids, until?: string) =>
    client.changes.make(name, typeof ids === 'string' ? [ids] : [...ids], until)
  return {
    connect: () => client.connect(),
    disconnect: () => client.disconnect(),
    close: () => client.close(),
    signOut: () => client.signOut(),
    onSignedOut: (listener) => client.signedOut.add(listener),
    retryNow: () => client.connection.retry(),
    subscribe: (listener) => client.changed.add(listener),
    getSnapshot: () => client.state,
    onItem: (listener) => client.items.add(listener),
    onFrame: (listener) => client.frames.add(listener),
    markRead: change('markRead'),
    markUnread: change('markUnread'),
    markSeen: change('markSeen'),
    archive: change('archive'),
    unarchive: change('unarchive'),
    snooze: change('snooze'),
    unsnooze: change('unsnooze'),
    remove: change('deleteNotifications'),
    restore: change('restore'),
    markAllRead: (narrowed) => client.changes.markAllRead(narrowed?.category),
    sendOldChanges: () => client.outbox.sendHeld(),
    dropOldChanges: () => client.outbox.dropHeld(),
    list: (filter = {}, pages = {}) => client.lists.open(filter, pages),
    refresh: () => client.follower.refresh(),
    command: (name, input) => client.commands.run(name, input),
    extend: (make) => make(client),
  }
}
