import { z } from 'zod'
import { content, counts, item, priority, sendInput } from '../notification.ts'
import { flag, id, idempotencyKey, instant, pageSize, typeName, visibleText } from '../text.ts'
import { nothing, row, writeInput } from './row.ts'

const itemId = z.string().min(1).max(128)
const idOrIds = {
  id: itemId.optional(),
  ids: z.array(itemId).min(1).max(100).optional(),
  idempotencyKey: idempotencyKey.optional(),
}
type IdOrIds = { id?: string | undefined; ids?: string[] | undefined }
const hasOne = (input: IdOrIds) => (input.id === undefined) !== (input.ids === undefined)
const eitherOne = { path: ['id'], message: 'Give either id or ids' }
const listed = <T extends IdOrIds>({ id: one, ids, ...rest }: T) => ({
  ...rest,
  ids: ids ?? (one === undefined ? [] : [one]),
})
const someIds = z.strictObject(idOrIds).refine(hasOne, eitherOne).transform(listed)
const someIdsUntil = z
  .strictObject({ ...idOrIds, until: instant })
  .refine(hasOne, eitherOne)
  .transform(listed)
const sent = z.object({ message: z.string(), notification: item })
const changed = (path: string, summary: string) =>
  row({
    summary,
    effect: 'write',
    rule: 'user',
    rest: { method: 'POST', path: `/api/notifications/${path}` },
    socket: true,
    input: someIds,
    output: nothing,
  })
const upTo = { upTo: itemId.optional() }
const list = z.strictObject({
  limit: pageSize(50, 100),
  cursor: z.string().min(1).max(512).optional(),
  unread: flag.optional(),
  archived: flag.optional(),
  snoozed: flag.optional(),
  type: typeName.optional(),
  category: typeName.optional(),
  priority: priority.optional(),
  q: z.string().min(1).max(200).optional(),
})

/** Commands of the inbox. Source: contract.md §4. */
export const inboxCommands = {
  notify: row({
    summary: 'Store one notification and push it to its audience.',
    effect: 'write',
    rule: 'admin',
    scope: 'notifications:send',
    rest: { method: 'POST', path: '/api/notifications/send', status: 201 },
    socket: true,
    input: sendInput,
    output: sent,
  }),
  notifyBulk: row({
    summary: 'Store up to 100 notifications, all or none.',
    effect: 'write',
    rule: 'admin',
    scope: 'notifications:send',
    rest: { method: 'POST', path: '/api/notifications/bulk', status: 201 },
    socket: true,
    input: writeInput({ notifications: z.array(sendInput).min(1).max(100) }),
    output: z.object({ notifications: z.array(item) }),
  }),
  broadcast: row({
    summary: 'Store one notification for every account; one write, whatever their number.',
    effect: 'write',
    rule: 'admin',
    scope: 'notifications:send',
    rest: { method: 'POST', path: '/api/notifications/broadcast', status: 201 },
    socket: true,
    input: writeInput({ ...content, except: z.array(id).max(1000).optional() }),
    output: sent,
  }),
  sendTest: row({
    summary: 'Send a test notification to yourself.',
    effect: 'write',
    rule: 'user',
    rest: { method: 'POST', path: '/api/notifications/test', status: 201 },
    socket: true,
    input: writeInput({
      message: content.message.optional(),
      type: content.type,
      title: content.title,
    }),
    output: z.object({ notification: item }),
  }),
  editNotification: row({
    summary: 'Change a sent notification for everyone who has it.',
    effect: 'write',
    rule: 'admin',
    scope: 'notifications:send',
    rest: { method: 'PATCH', path: '/api/notifications/:id' },
    socket: true,
    input: writeInput({
      id: itemId,
      title: content.title,
      message: visibleText(4000).optional(),
      priority: content.priority,
      url: content.url,
      meta: content.meta,
      actions: content.actions,
    }),
    output: z.object({ notification: item }),
  }),
  recallNotification: row({
    summary: 'Withdraw a sent notification: it disappears everywhere.',
    effect: 'write',
    rule: 'admin',
    scope: 'notifications:send',
    rest: { method: 'POST', path: '/api/notifications/recall' },
    socket: true,
    input: writeInput({ id: itemId }),
    output: nothing,
  }),
  listNotifications: row({
    summary: 'A page of your notifications, newest first.',
    effect: 'read',
    rule: 'user',
    rest: { method: 'GET', path: '/api/notifications' },
    socket: true,
    input: list,
    output: z.object({ notifications: z.array(item), nextCursor: z.string().nullable() }),
  }),
  countNotifications: row({
    summary: 'Exact numbers over everything, not over a page.',
    effect: 'read',
    rule: 'user',
    rest: { method: 'GET', path: '/api/notifications/count' },
    socket: true,
    input: z.strictObject({}),
    output: counts,
  }),
  markRead: changed('read', 'Mark notifications as read; `readAt` keeps its first value.'),
  markUnread: changed('unread', 'Mark notifications as unread; `readAt` becomes null.'),
  markSeen: changed('seen', 'Mark notifications as seen.'),
  archive: changed('archive', 'Archive notifications; archiving implies reading.'),
  unarchive: changed('unarchive', 'Bring notifications back from the archive.'),
  snooze: row({
    summary:
      'Put notifications away until a time, at most a year from now; then they return unread, on top, under a new id.',
    effect: 'write',
    rule: 'user',
    rest: { method: 'POST', path: '/api/notifications/snooze' },
    socket: true,
    input: someIdsUntil,
    output: nothing,
  }),
  unsnooze: changed('unsnooze', 'Bring snoozed notifications back early: same place, same state.'),
  restore: changed('restore', 'Undo a deletion: same place, same state.'),
  deleteNotification: row({
    summary: 'Delete a notification for yourself alone; it can be restored.',
    effect: 'write',
    rule: 'user',
    rest: { method: 'DELETE', path: '/api/notifications/:id' },
    socket: true,
    input: writeInput({ id: itemId }),
    output: nothing,
  }),
  deleteNotifications: changed('delete', 'Delete several notifications for yourself alone.'),
  markAllRead: row({
    summary: 'Read everything up to `upTo`, in list order; without it, everything accepted before the call.',
    effect: 'write',
    rule: 'user',
    rest: { method: 'POST', path: '/api/notifications/read-all' },
    socket: true,
    input: writeInput({ ...upTo, category: typeName.optional() }),
    output: nothing,
  }),
  markAllSeen: row({
    summary: 'See everything up to `upTo`, or everything accepted before the call.',
    effect: 'write',
    rule: 'user',
    rest: { method: 'POST', path: '/api/notifications/seen-all' },
    socket: true,
    input: writeInput(upTo),
    output: nothing,
  }),
  clearAll: row({
    summary: 'Remove everything up to `upTo` from your inbox, or everything accepted before the call.',
    effect: 'write',
    rule: 'user',
    rest: { method: 'POST', path: '/api/notifications/clear' },
    socket: true,
    input: writeInput(upTo),
    output: nothing,
  }),
}
