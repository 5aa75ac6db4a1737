import type { Chat, ChatFacts, ChatPrefs, Member } from '@belfry/protocol'
import type { ChatRow, MemberRow } from '../store/sql/chat-schema.ts'
import type { Reader } from '../store/store.ts'
import { firstMembers } from './chat-statements.ts'
import { capabilitiesOf } from './judge.ts'
import { iso, toMessages } from './message-shape.ts'
import { readableMessages } from './message-statements.ts'
import { personsOf } from './persons.ts'
import type { Place } from './place.ts'
import { FOR_EVER } from './silence.ts'
import { titlesOf } from './titles.ts'
import { unreadIn } from './unread.ts'

/** What is the same for every member. */
export async function factsOf(reader: Reader, chat: ChatRow): Promise<ChatFacts> {
  const members = await reader.all(firstMembers, { chat: chat.id })
  return {
    id: chat.id,
    // What the row holds was validated when it was written.
    type: chat.type as Chat['type'],
    memberIds: members.map(({ user_id }) => user_id),
    memberCount: chat.member_count,
    ...(chat.title === null ? {} : { title: chat.title }),
    ...(chat.avatar_url === null ? {} : { avatarUrl: chat.avatar_url }),
    ...(chat.context === null ? {} : { context: JSON.parse(chat.context) }),
    state: chat.state as Chat['state'],
    history: chat.history as Chat['history'],
    pins: JSON.parse(chat.pins),
    lastSeq: chat.last_seq,
    updatedAt: iso(chat.updated_at),
  }
}

export function toPrefs(member: MemberRow): ChatPrefs {
  const { silenced_until: until, hidden_at: hiddenAt, unread_from_seq: unreadFromSeq } = member
  return {
    notify: member.notify as ChatPrefs['notify'],
    ...(until === null ? {} : { mutedUntil: until === FOR_EVER ? 'forever' : iso(until) }),
    ...(hiddenAt === null ? {} : { hiddenAt: iso(hiddenAt) }),
    ...(unreadFromSeq === null ? {} : { unreadFromSeq }),
    ...(member.private_read_seq === 0 ? {} : { privateReadSeq: member.private_read_seq }),
  }
}

/** A chat as the user in this place sees it. */
export async function toChat(reader: Reader, place: Place): Promise<Chat> {
  const { chat, user, member, isActive } = place
  const [last] = await reader.query((db) =>
    readableMessages(db, user).where('m.chat_id', '=', chat.id).orderBy('m.seq', 'desc').limit(1),
  )
  const [lastMessage] = last ? await toMessages(reader, [last], user) : []
  const { unread, mentions } = isActive ? await unreadIn(reader, user, chat.id) : { unread: 0, mentions: 0 }
  return {
    ...(await factsOf(reader, chat)),
    ...(isActive ? {} : asLeft(member, last?.seq ?? 0)),
    displayTitle: (await titlesOf(reader, chat))(user),
    ...(lastMessage ? { lastMessage } : {}),
    unread,
    unreadMentions: mentions,
    prefs: toPrefs(member),
    ...(await capabilitiesOf(reader, place)),
  }
}

/** Who has left is told nothing of who came, went and spoke since. */
const asLeft = (member: MemberRow, lastSeq: number) => ({
  memberIds: [member.user_id],
  memberCount: 1,
  lastSeq,
  updatedAt: iso(member.left_at ?? member.joined_at),
})

export async function toMembers(reader: Reader, rows: readonly MemberRow[]): Promise<Member[]> {
  const persons = await personsOf(
    reader,
    rows.map(({ user_id }) => user_id),
  )
  return rows.map((row) => ({
    userId: row.user_id,
    name: persons.get(row.user_id)?.name ?? row.user_id,
    role: row.role as Member['role'],
    access: row.access as Member['access'],
    joinedAt: iso(row.joined_at),
    ...(row.left_at === null ? {} : { leftAt: iso(row.left_at) }),
    ...(row.muted_until === null ? {} : { mutedUntil: iso(row.muted_until) }),
    ...watermarksOf(row),
  }))
}

/** As others may know them: an observer's stay where they were before. */
function watermarksOf(row: MemberRow) {
  const { last_read_at: readAt, last_delivered_at: deliveredAt } = row
  if (row.role === 'observer')
    return { lastReadSeq: row.told_read_seq, lastDeliveredSeq: row.told_delivered_seq }
  return {
    lastReadSeq: row.last_read_seq,
    ...(readAt === null ? {} : { lastReadAt: iso(readAt) }),
    lastDeliveredSeq: row.last_delivered_seq,
    ...(deliveredAt === null ? {} : { lastDeliveredAt: iso(deliveredAt) }),
  }
}
