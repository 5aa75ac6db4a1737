import type { Migration } from './migrations.ts'

/** What an app writes in its own transactions, to be sent when those are committed. */
export const outbox: Migration = {
  name: '0005-outbox',
  breaking: false,
  statements: (_, numbered) => [
    `create table outbox (id ${numbered}, input text not null, failed_at bigint, error text)`,
    `create index outbox_waiting on outbox (id) where failed_at is null`,
  ],
}
