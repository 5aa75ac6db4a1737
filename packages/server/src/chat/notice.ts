import type { Message, NoticeFrame } from '@belfry/protocol'
import { previewOf } from '../core/preview.ts'
import { countsFrom, type Known } from './chat-numbers.ts'
import { type ChatTitle, titleFor } from './chat-title.ts'
import type { Mentioned } from './notices.ts'
import { isSilenced } from './silence.ts'

/** An older message makes no noise. Source: chat-presence.md §8. */
const MAX_AGE_MS = 10_000

/** One user, and what is known of the user now. */
export interface Addressee {
  user: string
  known: Known
  now: number
}

/** What the notices of one message have in common. */
export interface Draft {
  title: ChatTitle
  common: Pick<
    NoticeFrame,
    'chatId' | 'messageId' | 'seq' | 'senderId' | 'senderName' | 'preview' | 'messageType' | 'createdAt'
  >
}

/** None of what makes no noise for anybody. */
export function draftOf(message: Message, title: ChatTitle, now: number): Draft | undefined {
  const { id: messageId, chatId, seq, senderId, senderName, messageType, createdAt } = message
  const isOld = Date.parse(createdAt) < now - MAX_AGE_MS
  if (senderId === null || messageType === 'system' || message.silent || isOld) return undefined
  const preview = previewOf(message.content)
  return {
    title,
    common: { chatId, messageId, seq, senderId, senderName, preview, messageType, createdAt },
  }
}

/** None to who has said it, or has blocked the sender. */
export function noticeFor(
  { user, known, now }: Addressee,
  draft: Draft,
  mention?: Mentioned,
): NoticeFrame | undefined {
  const { common, title } = draft
  const { chatId, senderId } = common
  if (senderId === user || known.blocked.has(senderId)) return undefined
  const chat = known.chats.get(chatId)
  const { total } = countsFrom(known, [], now)
  const isMuted = isSilenced(chat?.silencedUntil ?? null, now) || chat?.notify === 'none'
  return {
    ...common,
    chatTitle: titleFor(title, user),
    mentioned: mention !== undefined,
    ...(mention?.itemId ? { notificationId: mention.itemId } : {}),
    silent: isMuted || (chat?.notify === 'mentions' && !mention),
    unread: { chat: chat?.unread ?? 0, total: total.unread, chats: total.chats, mentions: total.mentions },
  }
}
