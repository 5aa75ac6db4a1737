import type { BelfryClient } from '@belfry/client'
import type { TabLeader } from '@belfry/client/tabs'
import type { Item } from '@belfry/protocol'
import { createContext, type ReactNode, useContext } from 'react'
import type { BrowserNotifications } from '../attention/browser-notifications.ts'
import type { Sound } from '../attention/sound.ts'
import type { InboxActions } from '../inbox/inbox-actions.ts'
import type { UndoStack } from '../inbox/undo-stack.ts'
import type { Announcements } from '../speech/announcements.ts'
import type { ToastCenter } from '../toasts/toast-center.ts'
import { en, type Strings } from './strings.ts'

/** How a type of notification looks and sounds. */
export interface TypeLook {
  label?: string
  icon?: ReactNode
  /** A CSS colour. */
  color?: string
  /** `false`: silent. A number of half tones above the usual sound: another one. */
  sound?: boolean | number
}

/** What a `NotificationProvider` gives to everything below it. */
export interface Kit {
  /** Undefined while nobody is signed in, and on the server. */
  client: BelfryClient | undefined
  strings: Strings
  /** BCP 47. */
  locale: string
  /** Undefined: as the page has it. */
  dir: 'ltr' | 'rtl' | undefined
  timeZone: string | undefined
  /** Server time, in milliseconds since 1970. */
  now(): number
  lookOf(type: string): TypeLook
  announcements: Announcements
  toasts: ToastCenter
  /** Agrees with the other tabs of this device; undefined until somebody is signed in. */
  leader: TabLeader | undefined
  sound: Sound
  browser: BrowserNotifications
  actions: InboxActions
  undo: UndoStack
  /** A row, a toast or a notification of the browser was activated: reads the item, unless told not to, and goes where it points. */
  open(item: Item, options?: { isRead?: boolean }): void
  /** A button of the item was activated: reads the item and goes where the button points. */
  runAction(item: Item, actionId: string): void
}

export const KitContext = createContext<Kit | undefined>(undefined)

/** @throws Error outside of a provider */
export function useKit(): Kit {
  const kit = useContext(KitContext)
  if (!kit) throw new Error('Put this inside <BelfryProvider> or <NotificationProvider>.')
  return kit
}

/** Strings with an own few in place. */
export function useStrings(own: Partial<Strings> | undefined): Strings {
  const kit = useContext(KitContext)
  const strings = kit?.strings ?? en
  return own ? { ...strings, ...own } : strings
}
