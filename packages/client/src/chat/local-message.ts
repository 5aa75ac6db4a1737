import type { Member, Message } from '@belfry/protocol'
import type { ClientFailure } from '../client-failure.ts'
import { receivers } from './chat-members.ts'
import type { Waiting } from './post-queue.ts'

/** How far an own message has come. */
export type MessageStatus = 'queued' | 'sending' | 'sent' | 'delivered' | 'read' | 'failed'

/** A message as it is shown: the server's, or an own one that is only here yet. */
export interface LocalMessage extends Omit<Message, 'id' | 'seq'> {
  /** The same before and after the server has it. */
  readonly key: string
  /** Undefined while it is only here. */
  readonly id: string | undefined
  readonly seq: number | undefined
  readonly isOwn: boolean
  /** Of own messages. */
  readonly status: MessageStatus | undefined
  /** Answers were lost, so it may have been delivered; it is tried again until somebody says so. */
  readonly isUnconfirmed: boolean
  /** It failed because it has waited for over 24 hours: the user says whether it is still meant. */
  readonly isOld: boolean
  /** Why it failed, or is held back. */
  readonly failure: ClientFailure | undefined
  /** What the policy has to say of it, such as that something was masked. */
  readonly policyNotice: string | undefined
}

/** How far the slowest of those has come whose receipts count. */
export interface Marks {
  readonly delivered: number
  readonly read: number
}

export function slowest(members: readonly Member[], userId: string | undefined): Marks {
  const others = receivers(members, userId)
  if (others.length === 0) return { delivered: 0, read: 0 }
  return {
    delivered: Math.min(...others.map(({ lastDeliveredSeq }) => lastDeliveredSeq)),
    read: Math.min(...others.map(({ lastReadSeq }) => lastReadSeq)),
  }
}

function statusOf({ seq, delivered, isRead }: Message, marks: Marks): MessageStatus {
  if (isRead || seq <= marks.read) return 'read'
  return delivered || seq <= marks.delivered ? 'delivered' : 'sent'
}

interface Made {
  readonly local: LocalMessage
  readonly status: MessageStatus | undefined
  readonly policyNotice: string | undefined
}

/** Makes rows to show; the same row is the same object until something of it changes. */
export class LocalMessages {
  readonly #made = new WeakMap<Message, Made>()
  readonly #waiting = new WeakMap<Waiting, LocalMessage>()
  /** By id of the message. */
  readonly policyNotices = new Map<string, string>()

  of(message: Message, userId: string | undefined, marks: Marks): LocalMessage {
    const isOwn = message.senderId !== null && message.senderId === userId
    const status = isOwn ? statusOf(message, marks) : undefined
    const policyNotice = this.policyNotices.get(message.id)
    const made = this.#made.get(message)
    if (made && made.status === status && made.policyNotice === policyNotice) return made.local
    const local: LocalMessage = {
      ...message,
      ...nothingWrong,
      // Entries, which all readers share, do not say which are whose.
      reactions: message.reactions.map((one) => ({
        ...one,
        mine: userId !== undefined && one.userIds.includes(userId),
      })),
      key: isOwn && message.clientId ? message.clientId : message.id,
      isOwn,
      status,
      policyNotice,
    }
    this.#made.set(message, { local, status, policyNotice })
    return local
  }

  ofWaiting(waiting: Waiting, userId: string | undefined): LocalMessage {
    const known = this.#waiting.get(waiting)
    if (known) return known
    const { post, status, isUnconfirmed, isOld, failure } = waiting
    const { content = '', media = [], mentions = [], messageType, metadata, silent } = post.input
    const local: LocalMessage = {
      ...{ key: post.clientId, id: undefined, seq: undefined, isOwn: true, policyNotice: undefined },
      ...{ status, isUnconfirmed, isOld, failure },
      ...{ clientId: post.clientId, chatId: post.chatId, createdAt: post.at, content },
      senderId: userId ?? null,
      senderName: '',
      messageType: messageType ?? media[0]?.kind ?? 'text',
      media: [...media],
      mentions: [...mentions],
      ...{ reactions: [], delivered: false, isRead: false },
      ...(post.replyTo ? { replyTo: post.replyTo } : {}),
      ...(metadata ? { metadata } : {}),
      ...(silent ? { silent } : {}),
    }
    this.#waiting.set(waiting, local)
    return local
  }
}

const nothingWrong = { isUnconfirmed: false, isOld: false, failure: undefined }
