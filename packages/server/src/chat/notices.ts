import type { ChatCounts } from '@belfry/protocol'
import type { Reader } from '../store/store.ts'
import { blocksOf, chatRow, memberRow } from './chat-statements.ts'
import { titlesOf } from './titles.ts'
import { chatCountsOf, isSilenced } from './unread.ts'

/** What one user has to know of new messages in a chat. */
export interface NewsOf {
  user: string
  chatId: string
  chatTitle: string
  /** Whether it is to be shown without noise. */
  isSilent: boolean | 'unless-mentioned'
  /** Whose messages are not told at all. */
  blocked: string[]
  mentions: { messageId: string; itemId: string | null }[]
  counts: ChatCounts
}

export interface NewsInput {
  chatId: string
  messageIds: string[]
  users: string[]
}

/** Of those of the users who are in the chat. */
export async function newsOf(reader: Reader, { chatId, messageIds, users }: NewsInput): Promise<NewsOf[]> {
  const chat = await reader.get(chatRow, { id: chatId })
  if (!chat) return []
  const named = await mentionsOf(reader, messageIds)
  const titleFor = await titlesOf(reader, chat)
  const news: NewsOf[] = []
  for (const user of users) {
    const member = await reader.get(memberRow, { chat: chatId, user })
    if (!member || member.left_at !== null) continue
    const isMuted = isSilenced(member.silenced_until, reader.now) || member.notify === 'none'
    news.push({
      ...{ user, chatId },
      chatTitle: titleFor(user),
      isSilent: isMuted || (member.notify === 'mentions' ? 'unless-mentioned' : false),
      blocked: (await reader.all(blocksOf, { user })).map(({ blocked_id }) => blocked_id),
      mentions: named.get(user) ?? [],
      counts: await chatCountsOf(reader, user, [chatId]),
    })
  }
  return news
}

async function mentionsOf(reader: Reader, messageIds: string[]): Promise<Map<string, NewsOf['mentions']>> {
  const found = new Map<string, NewsOf['mentions']>()
  if (messageIds.length === 0) return found
  const rows = await reader.query((db) =>
    db
      .selectFrom('mention')
      .select(['message_id', 'user_id', 'item_id'])
      .where('message_id', 'in', messageIds),
  )
  for (const { message_id: messageId, user_id: user, item_id: itemId } of rows)
    found.set(user, [...(found.get(user) ?? []), { messageId, itemId }])
  return found
}

/** Exact numbers of one user's chats; without `chatIds` of all that may hold something unread. */
export function countsOfChats(
  reader: Reader,
  { user, chatIds }: { user: string; chatIds?: string[] },
): Promise<ChatCounts> {
  return chatCountsOf(reader, user, chatIds)
}
