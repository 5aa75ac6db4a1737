/** One chat in the list, and what entries do to it. */
import type { Chat, Entry, Message } from '@belfry/protocol'

/** Entries that change a chat the client knows; the rest is for its window. */
export function applyToChat(chat: Chat, entry: Entry): Chat {
  switch (entry.kind) {
    case 'message.posted':
      return posted(chat, entry.data, entry.at)
    case 'message.edited':
    case 'message.deleted':
    case 'message.reacted':
      return chat.lastMessage?.id === entry.data.id ? { ...chat, lastMessage: entry.data } : chat
    case 'room.updated':
      return updated(chat, entry.data.chat)
    case 'member.joined':
      return withMembers(
        chat,
        entry.data.members.map(({ userId }) => userId),
        [],
      )
    case 'member.left':
      return withMembers(chat, [], entry.data.userIds)
    case 'chat.prefsChanged':
      return { ...chat, prefs: entry.data.prefs }
    case 'chat.read':
      return read(chat, entry.data.privateReadSeq)
    default:
      return chat
  }
}

function posted(chat: Chat, message: Message, at: string): Chat {
  if (message.seq <= chat.lastSeq && message.seq <= (chat.lastMessage?.seq ?? 0)) return chat
  // A new message brings a hidden chat back.
  const { hiddenAt: _, ...prefs } = chat.prefs
  const lastSeq = Math.max(chat.lastSeq, message.seq)
  return { ...chat, prefs, lastMessage: message, lastSeq, updatedAt: later(chat.updatedAt, at) }
}

type Facts = Extract<Entry, { kind: 'room.updated' }>['data']['chat']

/** The facts say what there is; what they leave out is not there any more. */
function updated(chat: Chat, facts: Facts): Chat {
  const { title: _, avatarUrl: _a, context: _c, ...rest } = chat
  const displayTitle = facts.title ?? chat.displayTitle
  const lastSeq = Math.max(chat.lastSeq, facts.lastSeq)
  return { ...rest, ...facts, displayTitle, lastSeq, updatedAt: later(chat.updatedAt, facts.updatedAt) }
}

/** Up to 100 members stand in the chat, so that an entry that comes again counts nobody twice. */
const MAX_NAMED = 100

function withMembers(chat: Chat, joined: readonly string[], left: readonly string[]): Chat {
  if (chat.memberCount > MAX_NAMED) return chat
  const memberIds = [...new Set([...chat.memberIds, ...joined])].filter((id) => !left.includes(id))
  return { ...chat, memberIds: memberIds.slice(0, MAX_NAMED), memberCount: memberIds.length }
}

function read(chat: Chat, privateReadSeq: number | undefined): Chat {
  const { unreadFromSeq: _, ...prefs } = chat.prefs
  return { ...chat, prefs: privateReadSeq === undefined ? prefs : { ...prefs, privateReadSeq } }
}

const later = (a: string, b: string): string => (a > b ? a : b)

/** The latest first, as the server lists them. */
export function byRecency(a: Chat, b: Chat): number {
  if (a.updatedAt !== b.updatedAt) return a.updatedAt < b.updatedAt ? 1 : -1
  return a.id < b.id ? 1 : -1
}

export type ChatFilter = 'all' | 'unread' | 'hidden'

export function fitsFilter({ prefs, unread }: Chat, filter: ChatFilter): boolean {
  const isHidden = prefs.hiddenAt !== undefined
  if (filter === 'hidden') return isHidden
  return !isHidden && (filter === 'all' || unread > 0)
}
