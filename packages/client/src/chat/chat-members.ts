/** Who is in a chat and how far each has come. */
import type { Entry, Member } from '@belfry/protocol'

type Members = readonly Member[]

/** The members after an entry of their chat; the same object when it changes none. */
export function applyToMembers(members: Members, entry: Entry): Members {
  switch (entry.kind) {
    case 'member.joined':
    case 'member.updated':
      return entry.data.members.reduce(put, members)
    case 'member.left': {
      const { userIds } = entry.data
      return members.filter(({ userId }) => !userIds.includes(userId))
    }
    case 'receipts.moved':
      return entry.data.members.reduce(move, members)
    default:
      return members
  }
}

function put(members: Members, member: Member): Members {
  const at = members.findIndex(({ userId }) => userId === member.userId)
  return at < 0 ? [...members, member] : members.with(at, member)
}

type Moved = Extract<Entry, { kind: 'receipts.moved' }>['data']['members'][number]

/** Watermarks never fall, whatever order they are told in. */
function move(members: Members, { userId, lastDeliveredSeq, lastReadSeq, at }: Moved): Members {
  return members.map((member) =>
    member.userId === userId
      ? {
          ...member,
          ...(lastDeliveredSeq > member.lastDeliveredSeq ? { lastDeliveredSeq, lastDeliveredAt: at } : {}),
          ...(lastReadSeq > member.lastReadSeq ? { lastReadSeq, lastReadAt: at } : {}),
        }
      : member,
  )
}

/** What the user has read, as an own entry or an answer tells it. */
export function readUpTo(members: Members, userId: string, lastReadSeq: number): Members {
  return members.map((member) =>
    member.userId === userId && member.lastReadSeq < lastReadSeq ? { ...member, lastReadSeq } : member,
  )
}

/** Those whose receipts count for the user's own messages. */
export function receivers(members: Members, userId: string | undefined): Members {
  return members.filter((member) => member.userId !== userId && member.role !== 'observer' && !member.leftAt)
}

export interface Receipts {
  /** Who has it and has not read it. */
  readonly deliveredTo: Members
  readonly readBy: Members
  /** Who does not have it yet. */
  readonly pending: Members
}

/** How far a message of the user has come, person by person. */
export function receiptsOf(members: Members, userId: string | undefined, seq: number): Receipts {
  const others = receivers(members, userId)
  const isRead = ({ lastReadSeq }: Member) => lastReadSeq >= seq
  const isDelivered = ({ lastDeliveredSeq }: Member) => lastDeliveredSeq >= seq
  return {
    readBy: others.filter(isRead),
    deliveredTo: others.filter((other) => !isRead(other) && isDelivered(other)),
    pending: others.filter((other) => !isRead(other) && !isDelivered(other)),
  }
}
