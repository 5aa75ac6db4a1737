import type { BelfryClient } from '@belfry/client'
import type { Item } from '@belfry/protocol'
import { type ReactNode, useContext, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { watchOutsideClicks } from '../attention/outside-clicks.ts'
import { ClientContext, useClient } from '../socket/client-context.ts'
import { Announcer } from '../speech/Announcer.tsx'
import { Announcements } from '../speech/announcements.ts'
import { firstStrings } from './first-strings.ts'
import { type Kit, KitContext, type TypeLook } from './KitContext.ts'
import { KitParts } from './kit-parts.ts'
import { goTo } from './navigation.ts'
import type { Strings } from './strings.ts'
import { lookIn, type TypeLooks } from './type-looks.ts'

export interface NotificationProviderProps {
  /** In place of the one of a `SocketProvider` above. */
  client?: BelfryClient
  /** How many items a list has at first, and how many more it loads at a time; at most 100. Default 20. */
  pageSize?: number
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
  types?: TypeLooks
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

/** Source: ui.md §3. */
const PAGE_SIZE = 20

const NO_TYPES: TypeLooks = {}
const NO_LOOK: TypeLook = {}
const NO_STRINGS: Partial<Strings> = {}

/** Gives everything below it the inbox of the client, its words and its looks; speaks to screen readers. */
export function NotificationProvider(props: NotificationProviderProps) {
  const kit = useMadeKit(props)
  return (
    <ClientContext.Provider value={kit.client}>
      <KitContext.Provider value={kit}>
        <Life kit={kit} hasRegions={props.announcer !== false} />
        {props.children}
      </KitContext.Provider>
    </ClientContext.Provider>
  )
}

const never = () => false

/** What a connection without a `NotificationProvider` gives: the same by default, once something below uses it. */
export function DefaultKit({ children }: { children: ReactNode }) {
  // Below another provider, as that one is; only the client is the connection's.
  const { client: _, ...props } = useContext(KitContext)?.props() ?? {}
  const kit = useMadeKit(props)
  const isUsed = useSyncExternalStore(kit.parts.subscribe, kit.parts.isUsed, never)
  return (
    <KitContext.Provider value={kit}>
      {isUsed && <Life kit={kit} hasRegions />}
      {children}
    </KitContext.Provider>
  )
}

/** What a provider does by itself. */
function Life({ kit, hasRegions }: { kit: Kit; hasRegions: boolean }) {
  const { client, announcements, now, props } = kit
  useEffect(() => () => announcements.close(), [announcements])
  useEffect(() => client?.onItem((item) => announcements.hearItem(item, now())), [client, announcements, now])
  useEffect(
    () =>
      watchOutsideClicks(({ id, url }) => {
        if (id !== undefined) client?.markRead(id)
        goTo(url, props().routerPush)
      }),
    [client, props],
  )
  return hasRegions && <Announcer />
}

function useMadeKit(props: NotificationProviderProps): Kit {
  const { strings = NO_STRINGS, locale = 'en', dir, timeZone, pageSize = PAGE_SIZE, types = NO_TYPES } = props
  const fromSocket = useClient()
  const client = props.client ?? fromSocket
  // Callbacks of the app change with each render; what is below must not.
  const latest = useRef({ props, strings })
  useEffect(() => {
    latest.current = { props, strings }
  })
  const [lasting] = useState(() => {
    const source = { strings: () => latest.current.strings, props: () => latest.current.props }
    return {
      announcements: new Announcements({ strings: () => ({ ...firstStrings, ...source.strings() }) }),
      parts: new KitParts(source),
      props: source.props,
    }
  })
  useEffect(() => () => lasting.parts.close(), [lasting])
  return useMemo(
    () => ({
      ...lasting,
      client,
      strings,
      locale,
      dir,
      timeZone,
      pageSize,
      now: () => lasting.props().now?.() ?? Date.now() + (client?.getSnapshot().clockOffsetMs ?? 0),
      lookOf: (type) => lookIn(types, type) ?? NO_LOOK,
    }),
    [lasting, client, strings, locale, dir, timeZone, pageSize, types],
  )
}
