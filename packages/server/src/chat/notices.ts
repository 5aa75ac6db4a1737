import type { Reader } from '../store/store.ts'
import type { Standing } from './chat-numbers.ts'
import { chatRow } from './chat-statements.ts'
import type { ChatTitle } from './chat-title.ts'
import { standingsOf } from './standings.ts'
import { titleOf } from './titles.ts'

export interface NewsInput {
  users: string[]
  /** Chats whose titles are asked for. */
  chatIds: string[]
  /** Messages that name somebody. */
  messageIds: string[]
}

/** What has to be known to tell users of new messages. */
export interface News {
  standings: Standing[]
  titles: [chatId: string, title: ChatTitle][]
  mentions: Mentioned[]
}

export interface Mentioned {
  messageId: string
  user: string
  /** The notification of it. */
  itemId: string | null
}

export async function newsOf(reader: Reader, { users, chatIds, messageIds }: NewsInput): Promise<News> {
  const titles: News['titles'] = []
  for (const id of chatIds) {
    const chat = await reader.get(chatRow, { id })
    if (chat) titles.push([id, await titleOf(reader, chat)])
  }
  return {
    standings: await standingsOf(reader, users),
    titles,
    mentions: await mentionsOf(reader, messageIds),
  }
}

async function mentionsOf(reader: Reader, messageIds: string[]): Promise<Mentioned[]> {
  if (messageIds.length === 0) return []
  const rows = await reader.query((db) =>
    db
      .selectFrom('mention')
      .select(['message_id', 'user_id', 'item_id'])
      .where('message_id', 'in', messageIds),
  )
  return rows.map((row) => ({ messageId: row.message_id, user: row.user_id, itemId: row.item_id }))
}
