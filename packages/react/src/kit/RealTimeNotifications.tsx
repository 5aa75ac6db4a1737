import type { Item } from '@belfry/protocol'
import { useEffect, useRef } from 'react'
import { lateBrowser, lateSound } from '../attention/late-parts.ts'
import { mentionNoiseOf } from '../attention/mention-noise.ts'
import { useDocumentBadge } from '../attention/useDocumentBadge.ts'
import { useLeader } from '../attention/useTabLeader.ts'
import { useNotificationListener } from '../inbox/useNotificationListener.ts'
import { toastCenterOf } from '../toasts/toast-center.ts'
import { Later, useLater } from '../ui/later.ts'
import { useKit, useLatePart, usePart } from './KitContext.ts'
import { wantedOf } from './wanted.ts'

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

/** Nothing is new on a page that has just come. */
const lateNotice = new Later(() => import('./notice.ts').then(({ notice }) => notice))

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
  const sound = useLatePart(lateSound)
  const browser = useLatePart(lateBrowser)
  const toasts = usePart(toastCenterOf)
  const mentions = usePart(mentionNoiseOf)
  const notice = useLater(lateNotice)
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
  // What comes before everything is loaded is noticed then.
  const heard = useRef<Item[]>([])
  const isReady = leader && notice && sound && browser
  useEffect(() => {
    if (client && !isReady) return client.onItem((item) => void heard.current.push(item))
  }, [client, isReady])
  useEffect(() => {
    if (!client || !leader || !notice || !sound || !browser) return
    const options = () => latest.current
    const early = heard.current.splice(0)
    return notice({ client, leader, now, lookOf, sound, browser, toasts, mentions, options, early })
  }, [client, leader, notice, now, lookOf, sound, browser, toasts, mentions])
  return null
}
