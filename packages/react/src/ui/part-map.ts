import type { NotificationBellProps } from '../bell/NotificationBell.tsx'
import type { NotificationSystemProps } from '../bell/NotificationSystem.tsx'
import type { RelativeTimeProps } from '../dates/RelativeTime.tsx'
import type { NewItemsPillProps } from '../panel/NewItemsPill.tsx'
import type { NotificationFiltersProps } from '../panel/NotificationFilters.tsx'
import type { NotificationGroupHeaderProps } from '../panel/NotificationGroupHeader.tsx'
import type { NotificationItemProps } from '../panel/NotificationItem.tsx'
import type { NotificationListProps } from '../panel/NotificationList.tsx'
import type { NotificationPanelProps } from '../panel/NotificationPanel.tsx'
import type { ShortcutHelpProps } from '../panel/ShortcutHelp.tsx'
import type { EmptyStateProps, ErrorStateProps } from '../panel/states.tsx'
import type { UnreadBadgeProps } from '../panel/UnreadBadge.tsx'
import type { ConnectionIndicatorProps } from '../socket/ConnectionIndicator.tsx'
import type { ToasterProps } from '../toasts/Toaster.tsx'
import type { PartProps } from './part.ts'

/** The components of the kit by the names that `classNames` and `slots` use, each with its props. */
export interface PartMap {
  badge: UnreadBadgeProps
  bell: NotificationBellProps
  connection: ConnectionIndicatorProps
  empty: EmptyStateProps
  error: ErrorStateProps
  filters: NotificationFiltersProps
  heading: NotificationGroupHeaderProps
  help: ShortcutHelpProps
  item: NotificationItemProps
  list: NotificationListProps
  offline: PartProps
  panel: NotificationPanelProps
  pill: NewItemsPillProps
  prompt: PartProps
  push: PartProps
  skeletons: PartProps
  sound: PartProps
  system: NotificationSystemProps
  time: RelativeTimeProps
  toaster: ToasterProps
}
