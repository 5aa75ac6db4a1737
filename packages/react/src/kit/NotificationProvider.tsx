import type { BelfryClient, ClientState } from '@belfry/client'
import type { Item } from '@belfry/protocol'
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { BrowserNotifications, type OpenedFromOutside } from '../attention/browser-notifications.ts'
import { Sound } from '../attention/sound.ts'
import { useMadeLeader } from '../attention/useTabLeader.ts'
import { createActions } from '../inbox/inbox-actions.ts'
import { UndoStack } from '../inbox/undo-stack.ts'
import { ClientContext, useClient } from '../socket/client-context.ts'
import { Announcer } from '../speech/Announcer.tsx'
import { Announcements } from '../speech/announcements.ts'
import { ToastCenter } from '../toasts/toast-center.ts'
import { type Kit, KitContext, type TypeLook } from './KitContext.ts'
import { goTo } from './navigation.ts'
import { en, type Strings } from './strings.ts'
import { useClientState } from './useClientState.ts'

export interface NotificationProviderProps {
  /** In place of the one of a `SocketProvider` above. */
  client?: BelfryClient
  /** A language, such as `de` of `@belfry/react/locales/de`, or a few words of your own. */
  strings?: Partial<Strings>
  /** BCP 47, for dates and numbers. */
  locale?: string
  /** Without it, as the page has it. */
  dir?: 'ltr' | 'rtl'
  /** IANA name; without it, the reader's. */
  timeZone?: string
  /** Milliseconds since 1970; without it, the server's clock as far as known. */
  now?: () => number
  /** Label, icon, colour and sound by type or category. */
  types?: Readonly<Record<string, TypeLook>>
  /** The app's router: takes a path of this site. */
  routerPush?: (path: string) => void
  onNotificationClick?: (item: Item) => void
  /** A button of a notification was activated. */
  onNotificationAction?: (item: Item, actionId: string) => void
  /** Where the app serves `@belfry/react/belfry-sw.js`; `/belfry-sw.js` without it. */
  workerUrl?: string
  /** Of the server that sends web pushes; without it there are none. */
  vapidPublicKey?: string
  /** `false`: the page has the two regions for screen readers from elsewhere. */
  announcer?: boolean
  children?: ReactNode
}

const USER_TOPIC = 'user:'
const NO_TYPES: Readonly<Record<string, TypeLook>> = {}
const NO_LOOK: TypeLook = {}

/** Gives everything below it the inbox of the client, its words and its looks; speaks to screen readers. */
export function NotificationProvider(props: NotificationProviderProps) {
  const kit = useMadeKit(props)
  const { client, announcements, toasts, sound, browser, now } = kit
  useEffect(() => {
    sound.open()
    browser.open()
    return () => {
      for (const service of [announcements, toasts, sound, browser]) service.close()
    }
  }, [announcements, toasts, sound, browser])
  useEffect(() => client?.onItem((item) => announcements.hearItem(item, now())), [client, announcements, now])
  return (
    <ClientContext.Provider value={client}>
      <KitContext.Provider value={kit}>
        {props.announcer !== false && <Announcer />}
        {props.children}
      </KitContext.Provider>
    </ClientContext.Provider>
  )
}

function useMadeKit(props: NotificationProviderProps): Kit {
  const { strings: own, locale = 'en', dir, timeZone, types = NO_TYPES } = props
  const fromSocket = useClient()
  const client = props.client ?? fromSocket
  const strings = useMemo(() => ({ ...en, ...own }), [own])
  // Callbacks of the app change with each render; what is below must not.
  const openFromOutside = ({ id, url }: OpenedFromOutside) => {
    if (id !== undefined) actions.markRead(id)
    goTo(url, props.routerPush)
  }
  const latest = useRef({ props, strings, openFromOutside })
  useEffect(() => {
    latest.current = { props, strings, openFromOutside }
  })
  const [services] = useState(() => {
    const words = { strings: () => latest.current.strings }
    const { workerUrl, vapidPublicKey } = props
    return {
      announcements: new Announcements(words),
      toasts: new ToastCenter(words),
      undo: new UndoStack(),
      sound: new Sound(),
      browser: new BrowserNotifications({
        workerUrl,
        vapidPublicKey,
        onOpen: (opened) => latest.current.openFromOutside(opened),
      }),
    }
  })
  const { toasts, undo, browser } = services
  const leader = useMadeLeader(useClientState(client, userIdIn))
  const actions = useMemo(
    () => createActions({ client, toasts, undo, strings }),
    [client, toasts, undo, strings],
  )
  return useMemo(() => {
    const visit = (item: Item, url: string | undefined, isRead = true) => {
      if (isRead && item.readAt === null) actions.markRead(item.id)
      goTo(url, latest.current.props.routerPush)
    }
    return {
      ...services,
      client,
      strings,
      locale,
      dir,
      timeZone,
      leader,
      actions,
      now: () => latest.current.props.now?.() ?? Date.now() + (client?.getSnapshot().clockOffsetMs ?? 0),
      lookOf: (type) => types[type] ?? types[categoryIn(type)] ?? NO_LOOK,
      open(item, { isRead = true } = {}) {
        browser.opened()
        latest.current.props.onNotificationClick?.(item)
        visit(item, item.url, isRead)
      },
      runAction(item, actionId) {
        latest.current.props.onNotificationAction?.(item, actionId)
        visit(item, item.actions?.find(({ id }) => id === actionId)?.url)
      },
    }
  }, [services, browser, client, strings, locale, dir, timeZone, leader, actions, types])
}

/** Of the user's own topic, at which the numbers hold. */
const userIdIn = (state: ClientState | undefined) =>
  Object.keys(state?.counts.at ?? {})
    .find((topic) => topic.startsWith(USER_TOPIC))
    ?.slice(USER_TOPIC.length)

/** `order` of `order:new`, as the server does it. */
const categoryIn = (type: string) => type.split(':')[0] ?? type
