import type { ParsedInput } from '@belfry/protocol'
import { previewOf } from '../core/preview.ts'
import { topics } from '../core/topics.ts'
import type { Tx } from '../store/store.ts'
import { blockRow, membersOf } from './chat-statements.ts'
import { insertMention } from './message-statements.ts'
import type { Outside } from './outside.ts'
import type { Place } from './place.ts'

/** Names everyone in the chat; for owners and moderators. */
const ALL = '@all'

interface Mentioning {
  place: Place
  input: ParsedInput<'postMessage'>
  id: string
  seq: number
}

/** Tells whoever is named and here, and keeps that they were; resolves to who that is. */
export async function mention(tx: Tx, outside: Outside, mentioning: Mentioning): Promise<string[]> {
  const { place, input, id, seq } = mentioning
  const { chat, user, member, person } = place
  if (!input.mentions || input.mentions.length === 0) return []
  const named = new Set(input.mentions)
  const isForAll = named.has(ALL) && (member.role === 'owner' || member.role === 'moderator')
  const others = (await tx.all(membersOf, { chat: chat.id })).filter((one) => one.user_id !== user)
  const meant: string[] = []
  const except = [user]
  for (const { user_id: other } of others) {
    const isMeant = isForAll || named.has(other)
    if (isMeant && (await tx.get(blockRow, { user, other }))) except.push(other)
    else if (isMeant) meant.push(other)
  }
  const sender = { id: user, name: person.name }
  const notice = { sender, preview: previewOf(input.content), message: { chatId: chat.id, id, seq } }
  const shared = isForAll
    ? await outside.tellMentioned(tx, { topic: topics.room(chat.id), except, ...notice })
    : undefined
  for (const other of meant) {
    const topic = topics.user(other)
    const item = shared ?? (await outside.tellMentioned(tx, { topic, except: [], ...notice }))
    tx.write(insertMention, { chat: chat.id, user: other, seq, message: id, item: item ?? null })
  }
  return isForAll ? [ALL, ...meant] : meant
}
