import type { Migration } from './migrations.ts'

/** Until when an item is away, and which item it was before. */
export const snooze: Migration = {
  name: '0004-snooze',
  breaking: false,
  statements: () => [
    `alter table exception add column snoozed_until bigint`,
    `create index exception_due on exception (snoozed_until)
      where snoozed_until is not null and deleted_at is null`,
    `create index exception_snoozed on exception (user_id, snoozed_until) where snoozed_until is not null`,
    `drop index exception_unlike`,
    `create index exception_unlike on exception (user_id, topic, rank)
      where is_read = 0 or archived_at is not null or deleted_at is not null or snoozed_until is not null`,
    `alter table item add column origin_id text`,
    `create index item_by_origin on item (origin_id, topic, rank) where origin_id is not null`,
  ],
}
