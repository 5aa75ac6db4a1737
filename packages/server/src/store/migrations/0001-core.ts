import type { Migration } from './migrations.ts'

const river = (clustered: string) => [
  `create table setting (name text primary key, value text not null)`,
  `create table topic (
    topic text primary key, head bigint not null default 0, items bigint not null default 0,
    revoked bigint not null default 0, tail_offset bigint not null default 0, tail_rank bigint not null default 0,
    categories text not null default '{}')${clustered}`,
  `create table entry (
    topic text not null, "offset" bigint not null, kind text not null, data text not null, at bigint not null,
    withheld_from text, primary key (topic, "offset"))${clustered}`,
]

const inbox = (clustered: string) => [
  `create table item (
    id text primary key, topic text not null, rank bigint not null, "offset" bigint not null,
    category text not null, created_at bigint not null, expires_at bigint, revoked_at bigint, body_id text,
    sender text not null, type text not null, priority text not null, body text,
    withheld_from text)${clustered}`,
  `create unique index item_by_rank on item (topic, rank, "offset")`,
  `create index item_by_expiry on item (expires_at) where expires_at is not null and revoked_at is null`,
  `create index item_by_body on item (body_id) where body_id is not null`,
  `create table subscription (
    user_id text not null, topic text not null, part bigint not null,
    from_offset bigint not null, to_offset bigint, from_rank bigint not null, to_rank bigint,
    from_categories text not null default '{}', to_categories text,
    delivered_rank bigint not null, delivered_late text, seen_rank bigint not null,
    read_rank bigint not null, read_categories text not null default '{}',
    cleared_rank bigint not null, cleared_categories text not null default '{}',
    primary key (user_id, topic, part))${clustered}`,
  `create index subscription_open on subscription (topic, user_id) where to_offset is null`,
  `create index subscription_closed on subscription (topic, to_rank) where to_rank is not null`,
  `create table exception (
    user_id text not null, topic text not null, rank bigint not null, category text not null,
    is_read bigint, read_at bigint, seen_at bigint, archived_at bigint, deleted_at bigint,
    primary key (user_id, topic, rank))${clustered}`,
  `create index exception_unlike on exception (user_id, topic, rank)
    where is_read = 0 or archived_at is not null or deleted_at is not null`,
  `create table mark (
    user_id text not null, topic text not null, kind text not null, rank bigint not null, at bigint not null,
    primary key (user_id, topic, rank, kind))${clustered}`,
  `create table revoked (
    topic text not null, rank bigint not null, category text not null, primary key (topic, rank))${clustered}`,
  `create table idempotency (
    principal text not null, command text not null, key text not null, hash text not null, reply text not null,
    at bigint not null, primary key (principal, command, key))${clustered}`,
  `create index idempotency_by_age on idempotency (at)`,
]

const people = () => [
  `create table account (
    id text primary key, email text, password_hash text, roles text not null, disabled bigint not null default 0,
    created_at bigint not null)`,
  `create unique index account_by_email on account (email) where email is not null`,
  `create table session (
    id text primary key, user_id text not null, created_at bigint not null, expires_at bigint not null,
    revoked_at bigint)`,
  `create index session_by_user on session (user_id)`,
  `create table api_key (
    id text primary key, name text not null, hash text not null unique, owner_id text not null,
    scopes text not null, created_at bigint not null, revoked_at bigint)`,
  `create table room (id text primary key, kind text not null, created_at bigint not null)`,
]

/** First schema: the river, the inbox, people and rooms. */
export const core: Migration = {
  name: '0001-core',
  breaking: false,
  statements: (clustered) => [...river(clustered), ...inbox(clustered), ...people()],
}
