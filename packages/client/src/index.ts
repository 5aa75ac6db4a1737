import { type BelfryClient, createClientIn } from './belfry-client.ts'
import { browserEnvironment } from './browser-environment.ts'
import type { ClientOptions } from './client-options.ts'

export type { BelfryClient } from './belfry-client.ts'
export { type ClientCode, ClientFailure } from './client-failure.ts'
export type { ClientOptions } from './client-options.ts'
export type { ClientState } from './client-state.ts'
export type { TokenReason } from './connection.ts'
export type { ConnStatus } from './connection-states.ts'
export type { Clock } from './environment.ts'
export type { OtherEntry } from './inbox.ts'
export type { ItemFilter } from './item-filter.ts'
export type { WireFrame } from './line.ts'
export type { ItemListView, ListOptions, ListState } from './lists.ts'
export type { Transport } from './socket-port.ts'

/**
 * A user's inbox, live, in a browser or in Node. Nothing happens before `connect`.
 * @example
 * import { createClient } from '@belfry/client'
 * const client = createClient({ url: 'http://localhost:4000', getToken: () => 'token' })
 * client.onItem((item) => console.log(item.title))
 * client.subscribe(() => console.log(client.getSnapshot().counts.unread))
 * client.connect()
 */
export function createClient(options: ClientOptions): BelfryClient {
  return createClientIn(browserEnvironment(options.clock), options)
}
