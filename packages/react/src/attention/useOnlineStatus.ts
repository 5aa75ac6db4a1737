import { useSyncExternalStore } from 'react'
import { ONLINE, type OnlineState, readOnline, watchOnline } from './online.ts'

const onServer = () => ONLINE

/** Whether this device believes to have a network, and since when. */
export function useOnlineStatus(): OnlineState {
  return useSyncExternalStore(watchOnline, readOnline, onServer)
}
