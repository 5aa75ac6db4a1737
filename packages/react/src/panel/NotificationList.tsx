import type { Item } from '@belfry/protocol'
import type { ReactNode } from 'react'
import type { GroupBy } from '../inbox/rows.ts'
import type { Notifications } from '../inbox/useNotifications.ts'
import { useLater } from '../ui/later.ts'
import { type PartProps, part } from '../ui/part.ts'
import { ListState } from './ListState.tsx'
import { lateListBody } from './late-list-body.ts'
import type { ItemAction } from './NotificationItem.tsx'
import { SkeletonList } from './SkeletonList.tsx'
import type { ShortcutMap } from './shortcuts.ts'

export interface NotificationListProps extends PartProps {
  list: Notifications
  groupBy?: GroupBy
  /** `feed`: articles that a screen reader walks through; `list`: an ordinary list. */
  semantics?: 'feed' | 'list'
  /** When items count as seen: when they are on screen for a second, or as soon as the list opens. */
  seenOn?: 'visible' | 'open'
  actions?: readonly ItemAction[]
  /** `false`: no key does anything but those of the browser. */
  shortcuts?: boolean | ShortcutMap
  renderItem?: (item: Item) => ReactNode
  renderEmpty?: () => ReactNode
  onItemClick?: (item: Item) => void
  /** Of the filter that is on, for the sentence when nothing fits. */
  filterLabel?: string | undefined
}

/** The rows: virtual, keyboard-ready, anchored while scrolled; saying why when there are none. */
export const NotificationList = part('list', function NotificationList(props: NotificationListProps) {
  const { list, className, style } = props
  const Body = useLater(lateListBody)
  if (Body) return <Body {...props} />
  return (
    <div data-belfry-list="" className={className} style={style}>
      {list.items.length > 0 ? <SkeletonList /> : <ListState {...props} />}
    </div>
  )
})
