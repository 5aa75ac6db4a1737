import { useMemo } from 'react'
import { useKit } from '../kit/KitContext.ts'
import { useStrings } from '../kit/useStrings.ts'
import type { BrowserNotifications } from './browser-notifications.ts'
import type { BrowserState } from './browser-state.ts'
import { lateBrowser, useBrowserPart } from './late-parts.ts'

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

/** Notifications of the operating system: what is allowed here, and how to get it. */
export function useBrowserNotifications(): UseBrowserNotifications {
  const { parts } = useKit()
  const strings = useStrings()
  const { state } = useBrowserPart()
  const calls = useMemo(() => {
    // Once it is there, a question still comes within the click that asked.
    const browser = () => lateBrowser.load().then((make) => parts.of(make))
    const test = { title: strings.notifications, body: strings.browserGranted, tag: 'belfry:test' }
    return {
      request: () => browser().then((one) => one.request()),
      subscribe: () => browser().then((one) => one.subscribe()),
      unsubscribe: () => browser().then((one) => one.unsubscribe()),
      sendTest: () => browser().then((one) => one.show(test)),
      dismiss: (days?: number) => void browser().then((one) => one.dismiss(days)),
    }
  }, [parts, strings])
  return useMemo(() => {
    const { mayOffer: _, ...shown } = state
    return { ...shown, ...calls }
  }, [state, calls])
}
