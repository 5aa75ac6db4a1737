import { useCallback, useSyncExternalStore } from 'react'
import { useKit, usePart } from '../kit/KitContext.ts'
import {
  type BrowserNotifications,
  type BrowserState,
  browserNotificationsOf,
  SERVER_STATE,
} from './browser-notifications.ts'

export interface UseBrowserNotifications extends Omit<BrowserState, 'mayOffer'> {
  /** The browser's question; call it in a click or a key. */
  request: BrowserNotifications['request']
  /** Web push, which reaches a device without an open tab. Answers what its sender needs to know. */
  subscribe: BrowserNotifications['subscribe']
  unsubscribe: BrowserNotifications['unsubscribe']
  /** Shows one, as a look at what it is like. */
  sendTest(): Promise<void>
  /** No offer for so many days; `Infinity` is never. Default 7. */
  dismiss: BrowserNotifications['dismiss']
}

const onServer = () => SERVER_STATE

/** Notifications of the operating system: what is allowed here, and how to get it. */
export function useBrowserNotifications(): UseBrowserNotifications {
  const { strings } = useKit()
  const browser = usePart(browserNotificationsOf)
  const { store, request, subscribe, unsubscribe, dismiss } = browser
  const { mayOffer, ...state } = useSyncExternalStore(store.subscribe, store.read, onServer)
  const sendTest = useCallback(
    () => browser.show({ title: strings.notifications, body: strings.browserGranted, tag: 'belfry:test' }),
    [browser, strings],
  )
  return { ...state, request, subscribe, unsubscribe, sendTest, dismiss }
}
