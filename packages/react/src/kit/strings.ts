import type { ConnStatus } from '@belfry/client'
import { firstStrings } from './first-strings.ts'

/** Every word that the kit shows or speaks. Texts with a number or a name are functions, so that each language can do it its way. */
export interface Strings {
  notifications: string
  /** Name of the bell's button. */
  bell(unread: number): string
  close: string
  retry: string
  retryNow: string
  loading: string
  unreadMark: string
  urgent: string
  high: string
  markRead: string
  markUnread: string
  markAllRead: string
  snooze: string
  /** Ends a snooze before its time. */
  unsnooze: string
  snoozeNames: Record<'hour' | 'tomorrow' | 'monday', string>
  /** Label of a field for date and time. */
  snoozeOwn: string
  /** Of a snoozed one. */
  wakes(time: string): string
  /** Of one that has come back. */
  returned: string
  archive: string
  unarchive: string
  remove: string
  undo: string
  /** Said and shown after a change that can be undone. */
  removed(count: number): string
  archived(count: number): string
  snoozed(count: number): string
  readAll(count: number): string
  filters: string
  filterAll: string
  filterUnread: string
  filterArchived: string
  filterSnoozed: string
  showAll: string
  emptyTitle: string
  emptyText: string
  /** For a filter that nothing fits. */
  emptyFilter(filter: string): string
  errorTitle: string
  offlineText: string
  /** Rows that came while the list was scrolled. */
  newItems(count: number): string
  newSince: string
  /** Spoken when more than one arrived within a second. */
  newNotifications(count: number): string
  whileAway(count: number): string
  today: string
  yesterday: string
  thisWeek: string
  earlier: string
  justNow: string
  /** Row that stands for several of one group. */
  grouped(title: string, others: number): string
  expandGroup(count: number): string
  collapseGroup: string
  status: Record<ConnStatus, string>
  retryIn(seconds: number): string
  search: string
  selected(count: number): string
  clearSelection: string
  shortcuts: string
  shortcutNames: Record<ShortcutName, string>
  promptTitle: string
  promptText: string
  promptAccept: string
  promptLater: string
  promptNever: string
  browserDenied: string
  browserUnsupported: string
  browserGranted: string
  sound: string
  soundOn: string
  soundOff: string
  volume: string
  onlyUnfocused: string
  preferences: string
  browserNotifications: string
  dismissToast: string
  toasts: string
}

export type ShortcutName =
  | 'next'
  | 'previous'
  | 'open'
  | 'read'
  | 'unread'
  | 'snooze'
  | 'archive'
  | 'remove'
  | 'undo'
  | 'select'
  | 'search'
  | 'help'

const plural = (count: number, one: string, many: string) => (count === 1 ? one : many)

export const en: Strings = {
  ...firstStrings,
  notifications: 'Notifications',
  close: 'Close',
  retry: 'Retry',
  loading: 'Loading notifications',
  unreadMark: 'Unread',
  urgent: 'Urgent',
  high: 'Important',
  markRead: 'Mark as read',
  markUnread: 'Mark as unread',
  markAllRead: 'Mark all as read',
  snooze: 'Snooze',
  unsnooze: 'Bring back now',
  snoozeNames: { hour: 'In 1 hour', tomorrow: 'Tomorrow', monday: 'Next Monday' },
  snoozeOwn: 'At another time',
  wakes: (time) => `Back ${time}`,
  returned: 'Snoozed before',
  archive: 'Archive',
  unarchive: 'Move to inbox',
  remove: 'Delete',
  undo: 'Undo',
  removed: (count) => plural(count, 'Notification deleted', `${count} notifications deleted`),
  archived: (count) => plural(count, 'Notification archived', `${count} notifications archived`),
  snoozed: (count) => plural(count, 'Notification snoozed', `${count} notifications snoozed`),
  readAll: (count) => plural(count, '1 notification marked as read', `${count} notifications marked as read`),
  filters: 'Filter notifications',
  filterAll: 'All',
  filterUnread: 'Unread',
  filterArchived: 'Archived',
  filterSnoozed: 'Snoozed',
  showAll: 'Show all',
  emptyTitle: 'All quiet',
  emptyText: 'New notifications show up here.',
  emptyFilter: (filter) => `Nothing in “${filter}”`,
  errorTitle: 'This did not work',
  offlineText: 'You are offline. Showing saved notifications.',
  newItems: (count) => plural(count, '1 new notification', `${count} new notifications`),
  newSince: 'New since your last visit',
  whileAway: (count) => plural(count, '1 while you were away', `${count} while you were away`),
  today: 'Today',
  yesterday: 'Yesterday',
  thisWeek: 'This week',
  earlier: 'Earlier',
  justNow: 'just now',
  grouped: (title, others) => plural(others, `${title} and 1 more`, `${title} and ${others} more`),
  expandGroup: (count) => `Show all ${count}`,
  collapseGroup: 'Show fewer',
  search: 'Search notifications',
  selected: (count) => `${count} selected`,
  clearSelection: 'Clear selection',
  shortcuts: 'Keyboard shortcuts',
  shortcutNames: {
    next: 'Next notification',
    previous: 'Previous notification',
    open: 'Open',
    read: 'Mark as read',
    unread: 'Mark as unread',
    snooze: 'Snooze',
    archive: 'Archive',
    remove: 'Delete',
    undo: 'Undo',
    select: 'Select',
    search: 'Search',
    help: 'Show this list',
  },
  promptTitle: 'Know it when you are elsewhere',
  promptText: 'Get a notification from your browser when this tab is in the background.',
  promptAccept: 'Turn on',
  promptLater: 'Not now',
  promptNever: 'Never',
  browserDenied: 'Your browser blocks notifications from this site. Allow them in the site settings.',
  browserUnsupported: 'This browser cannot show notifications here.',
  browserGranted: 'Your browser shows notifications when this tab is in the background.',
  sound: 'Sound',
  soundOn: 'Turn sound on',
  soundOff: 'Turn sound off',
  volume: 'Volume',
  onlyUnfocused: 'Only when this tab is in the background',
  preferences: 'Notification settings',
  browserNotifications: 'Browser notifications',
  dismissToast: 'Dismiss',
  toasts: 'Notification messages',
}
