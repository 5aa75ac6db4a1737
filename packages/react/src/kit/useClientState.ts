import type { BelfryClient, ClientState } from '@belfry/client'
import { useCallback, useSyncExternalStore } from 'react'

const stays = (): (() => void) => () => undefined

/**
 * One part of a client's state; renders again when that part changes.
 * @param select Answers the same value for the same state; `undefined` is the state while there is no client.
 */
export function useClientState<T>(
  client: BelfryClient | undefined,
  select: (state: ClientState | undefined) => T,
): T {
  const read = useCallback(() => select(client?.getSnapshot()), [client, select])
  const onServer = useCallback(() => select(undefined), [select])
  return useSyncExternalStore(client?.subscribe ?? stays, read, onServer)
}
