import { useSyncExternalStore } from 'react'
import { useLatePart } from '../kit/KitContext.ts'
import { Later } from '../ui/later.ts'
import type { BrowserNotifications } from './browser-notifications.ts'
import { type BrowserState, SERVER_STATE } from './browser-state.ts'

/** Parts of a provider that make noise. No page needs them before it has been shown. */
export const lateSound = new Later(() => import('./sound.ts').then(({ soundOf }) => soundOf))

export const lateBrowser = new Later(() =>
  import('./browser-notifications.ts').then(({ browserNotificationsOf }) => browserNotificationsOf),
)

const stays = () => () => undefined
const onServer = () => SERVER_STATE

/** Notifications of the browser, once they are there, and what is known of them. */
export function useBrowserPart(): { browser: BrowserNotifications | undefined; state: BrowserState } {
  const browser = useLatePart(lateBrowser)
  const { subscribe = stays, read = onServer } = browser?.store ?? {}
  return { browser, state: useSyncExternalStore(subscribe, read, onServer) }
}
