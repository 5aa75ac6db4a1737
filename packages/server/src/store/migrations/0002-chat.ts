import type { Migration } from './migrations.ts'

const chats = (clustered: string) => [
  `create table chat (
    id text primary key, type text not null, title text, avatar_url text, context text, state text not null,
    history text not null, creator text not null, last_seq bigint not null default 0,
    member_count bigint not null default 0, pins text not null default '[]', receipts_due bigint,
    created_at bigint not null, updated_at bigint not null)`,
  `create index chat_receipts_due on chat (receipts_due) where receipts_due is not null`,
  `create table member (
    chat_id text not null, user_id text not null, role text not null, access text not null,
    joined_at bigint not null, left_at bigint, floor_offset bigint not null default 0, muted_until bigint,
    last_read_seq bigint not null default 0, last_read_at bigint,
    last_delivered_seq bigint not null default 0, last_delivered_at bigint, delivered_late text,
    told_read_seq bigint not null default 0, told_delivered_seq bigint not null default 0,
    notify text not null default 'all', silenced_until bigint, hidden_at bigint,
    unread_from_seq bigint, private_read_seq bigint not null default 0,
    primary key (chat_id, user_id))${clustered}`,
  `create index member_by_user on member (user_id, chat_id)`,
]

const messages = (clustered: string) => [
  `create table message (
    chat_id text not null, seq bigint not null, id text not null, "offset" bigint not null,
    sender_id text, client_id text not null, hash text not null, type text not null, content text not null,
    body text not null, silent bigint not null default 0, created_at bigint not null, edited_at bigint,
    deleted_at bigint, deleted_by text, primary key (chat_id, seq))${clustered}`,
  `create unique index message_by_id on message (id)`,
  `create unique index message_by_client on message (chat_id, sender_id, client_id)`,
  `create index message_by_author on message (chat_id, sender_id, seq)`,
  `create index message_by_offset on message (chat_id, "offset")`,
  `create index message_by_sender on message (sender_id, id)`,
  `create table reaction (
    message_id text not null, emoji text not null, user_id text not null, at bigint not null,
    primary key (message_id, emoji, user_id))${clustered}`,
  `create index reaction_by_user on reaction (user_id)`,
  `create table mention (
    chat_id text not null, user_id text not null, seq bigint not null, message_id text not null, item_id text,
    primary key (chat_id, user_id, seq))${clustered}`,
  `create table media (
    id text primary key, owner_id text not null, chat_id text, message_id text, kind text not null,
    name text not null, mime text not null, size bigint not null, facts text not null default '{}',
    created_at bigint not null, deleted_at bigint)`,
  `create index media_by_message on media (message_id) where message_id is not null`,
  `create index media_unattached on media (created_at) where message_id is null`,
  `create index media_by_owner on media (owner_id)`,
]

const people = (clustered: string) => [
  `create table block (
    user_id text not null, blocked_id text not null, at bigint not null,
    primary key (user_id, blocked_id))${clustered}`,
  `create index block_by_blocked on block (blocked_id)`,
  `create table report (
    id text primary key, chat_id text not null, message_id text not null, reporter_id text not null,
    reason text not null, text text, state text not null, created_at bigint not null)`,
  `create unique index report_open on report (message_id, reporter_id) where state = 'open'`,
  `create table presence (
    user_id text primary key, status text, text text, until bigint, last_active bigint)`,
]

/** Chats, their members and messages, and who wants to be seen how. */
export const chat: Migration = {
  name: '0002-chat',
  breaking: false,
  statements: (clustered) => [...chats(clustered), ...messages(clustered), ...people(clustered)],
}
