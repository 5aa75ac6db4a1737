import type { Features, Reader } from '../store/store.ts'
import { countsOf } from './counts.ts'
import { markDelivered, pendingItems } from './delivered.ts'
import { listNotifications } from './list.ts'
import { entriesAfter } from './log-entries.ts'
import { clearAll, markAllRead, markAllSeen } from './pointers.ts'
import {
  broadcast,
  editNotification,
  expireItems,
  notify,
  notifyBulk,
  recallNotification,
  sendTest,
} from './send.ts'
import {
  archive,
  deleteNotification,
  deleteNotifications,
  markRead,
  markSeen,
  markUnread,
  restore,
  snooze,
  unarchive,
  unsnooze,
} from './state.ts'
import { wakeItems } from './wake.ts'

const countNotifications = (reader: Reader, { user }: { user: string }) => countsOf(reader, user)

/** Numbers of many users at once, for those whose sockets are open. */
async function countsOfMany(reader: Reader, { users }: { users: string[] }) {
  const counts = []
  for (const user of users) counts.push(await countsOf(reader, user))
  return counts
}

/** The inbox: what the store runs for it. */
export const inbox: Features = {
  handlers: {
    notify,
    notifyBulk,
    broadcast,
    sendTest,
    editNotification,
    recallNotification,
    expireItems,
    markRead,
    markUnread,
    markSeen,
    archive,
    unarchive,
    snooze,
    unsnooze,
    wakeItems,
    restore,
    deleteNotification,
    deleteNotifications,
    markAllRead,
    markAllSeen,
    clearAll,
    markDelivered,
  },
  queries: { listNotifications, countNotifications, countsOfMany, pendingItems, entriesAfter },
}
