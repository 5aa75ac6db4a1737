import type { Migration } from './migrations.ts'

/** Who of several nodes does what must be done once. */
export const lease: Migration = {
  name: '0003-lease',
  breaking: false,
  statements: () => [
    `create table lease (
      name text primary key, holder text, fence bigint not null, beats bigint not null default 0)`,
  ],
}
