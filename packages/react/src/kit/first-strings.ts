import type { Strings } from './strings.ts'

/** The English words of a page that has just come; `en` has all of them. */
export const firstStrings = {
  bell: (unread) => (unread === 0 ? 'Notifications' : `Notifications, ${unread} unread`),
  retryNow: 'Retry now',
  newNotifications: (count) => `${count} new notifications`,
  status: {
    idle: 'Not connected',
    connecting: 'Connecting',
    online: 'Live',
    degraded: 'Slow connection',
    reconnecting: 'Reconnecting',
    offline: 'Offline',
    unauthorized: 'Signed out',
  },
  retryIn: (seconds) => `Trying again in ${seconds} s`,
} satisfies Partial<Strings>

export type FirstStrings = Pick<Strings, keyof typeof firstStrings>
