import type { Item } from '@belfry/protocol'
import { useEffect, useRef } from 'react'
import { Attention } from '../attention/attention.ts'
import { browserNotificationsOf } from '../attention/browser-notifications.ts'
import { mentionNoiseOf } from '../attention/mention-noise.ts'
import { soundOf } from '../attention/sound.ts'
import { useDocumentBadge } from '../attention/useDocumentBadge.ts'
import { useLeader } from '../attention/useTabLeader.ts'
import { useNotificationListener } from '../inbox/useNotificationListener.ts'
import { toastCenterOf } from '../toasts/toast-center.ts'
import { toastOfItem } from '../toasts/toast-of-item.ts'
import { useKit, usePart } from './KitContext.ts'

export interface RealTimeNotificationsProps {
  /** Types of notifications, or `'*'` for all. */
  events?: '*' | readonly string[]
  onNotification?: (item: Item) => void
  toast?: boolean
  sound?: boolean
  /** Notifications of the browser, where they are allowed. */
  browser?: boolean
  /** The number of unread ones in the title, and on the installed app. */
  title?: boolean
  /** Address of an icon for the time that something is unread. */
  favicon?: string
  /** An item as it is to be toasted and told, or null to leave it to the inbox. */
  mapEvent?: (item: Item) => Item | null
}

/**
 * Renders nothing; lets new notifications be noticed: a toast in the tab that has the focus, one sound and one
 * notification of the browser per device.
 * @example
 * import { RealTimeNotifications } from '@belfry/react'
 * export const Live = () => <RealTimeNotifications events={['order:new']} onNotification={(item) => console.log(item)} />
 */
export function RealTimeNotifications(props: RealTimeNotificationsProps): null {
  const { title = true, favicon } = props
  const { client, now, lookOf, strings } = useKit()
  const sound = usePart(soundOf)
  const browser = usePart(browserNotificationsOf)
  const toasts = usePart(toastCenterOf)
  const mentions = usePart(mentionNoiseOf)
  const leader = useLeader()
  const latest = useRef({ ...props, strings })
  useEffect(() => {
    latest.current = { ...props, strings }
  })
  useNotificationListener('*', (item) => {
    const wanted = wantedOf(item, props)
    if (wanted) props.onNotification?.(wanted)
  })
  useDocumentBadge({ title, app: title, ...(favicon === undefined ? {} : { favicon }) })
  useEffect(() => {
    if (!client || !leader) return
    const attention = new Attention({
      client,
      leader,
      now,
      lookOf,
      isQuiet: (item) =>
        wantedOf(item, latest.current) === undefined || (mentions.isLeftToChats && item.type === 'mention'),
      sound: {
        store: sound.store,
        play: sound.play,
        isReady: () => latest.current.sound !== false && sound.isReady(),
      },
      browser: {
        showItem: async (item) => {
          if (latest.current.browser !== false) await browser.showItem(item)
        },
        closeItems: (picks) => browser.closeItems(picks),
      },
      onToast(item) {
        const wanted = wantedOf(item, latest.current)
        if (wanted && latest.current.toast !== false) toasts.show(toastOfItem(wanted, latest.current.strings))
      },
      onAway(count) {
        const away = { title: latest.current.strings.whileAway(count), tag: 'belfry:away' }
        if (latest.current.browser !== false) void browser.show(away)
      },
    })
    // What is read or deleted, here or elsewhere, needs no toast any more.
    const stop = client.subscribe(() => {
      const { items } = client.getSnapshot()
      for (const { item } of toasts.getSnapshot()) {
        const now = item && items.find(({ id }) => id === item.id)
        if (item && (!now || now.readAt !== null)) toasts.dismiss(item.id)
      }
    })
    return () => {
      stop()
      attention.close()
    }
  }, [client, leader, now, lookOf, sound, browser, toasts, mentions])
  return null
}

function wantedOf(item: Item, { events = '*', mapEvent }: RealTimeNotificationsProps): Item | undefined {
  if (events !== '*' && !events.includes(item.type)) return undefined
  return (mapEvent ? mapEvent(item) : item) ?? undefined
}
