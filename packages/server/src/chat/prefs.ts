import type { ParsedInput } from '@belfry/protocol'
import type { Actor } from '../core/actor.ts'
import { append } from '../core/log.ts'
import { topics } from '../core/topics.ts'
import type { MemberRow } from '../store/sql/chat-schema.ts'
import type { Reader, Tx } from '../store/store.ts'
import { factsOf, toChat, toPrefs } from './chat-shape.ts'
import { blocksOf, chatRow, deleteBlock, insertBlock, setChat, setPrefs } from './chat-statements.ts'
import { assertKnown } from './create.ts'
import { judge } from './judge.ts'
import { activePlaceOf, userOf } from './place.ts'
import type { Change } from './policy/policy.ts'
import { FOR_EVER } from './silence.ts'
import { chatCountsOf } from './unread.ts'

type Prefs = ParsedInput<'setChatPrefs'>

function silencedBy({ mutedUntil }: Prefs, member: MemberRow): number | null {
  if (mutedUntil === undefined) return member.silenced_until
  if (mutedUntil === null) return null
  return mutedUntil === 'forever' ? FOR_EVER : Date.parse(mutedUntil)
}

export async function setChatPrefs(tx: Tx, actor: Actor, input: Prefs) {
  const user = userOf(actor)
  const { chat, member } = await activePlaceOf(tx, input.chatId, user)
  const after: MemberRow = {
    ...member,
    notify: input.notify ?? member.notify,
    silenced_until: silencedBy(input, member),
    hidden_at: input.hidden === undefined ? member.hidden_at : input.hidden ? tx.now : null,
  }
  tx.write(setPrefs, {
    ...{ chat: chat.id, user, notify: after.notify },
    silencedUntil: after.silenced_until,
    hiddenAt: after.hidden_at,
    unreadFrom: after.unread_from_seq,
  })
  const prefs = toPrefs(after)
  await append(tx, topics.user(user), 'chat.prefsChanged', { chatId: chat.id, prefs })
  return { prefs, counts: await chatCountsOf(tx, user, [chat.id]) }
}

const CHANGES: readonly Change[] = ['title', 'avatarUrl', 'state', 'context']

export async function updateChat(tx: Tx, actor: Actor, input: ParsedInput<'updateChat'>) {
  const place = await activePlaceOf(tx, input.chatId, userOf(actor))
  const { chat } = place
  const changes = CHANGES.filter((change) => Reflect.get(input, change) !== undefined)
  const message = input.title === undefined ? undefined : { content: input.title }
  const { transform } = await judge(tx, 'updateChat', place, { changes, message })
  const title = transform?.content ?? input.title ?? chat.title
  const { avatarUrl = chat.avatar_url, state = chat.state } = input
  const context = input.context ? JSON.stringify(input.context) : chat.context
  tx.write(setChat, { id: chat.id, title, avatarUrl, state, context, pins: chat.pins })
  const row = (await tx.get(chatRow, { id: chat.id })) ?? chat
  await append(tx, topics.room(chat.id), 'room.updated', { chat: await factsOf(tx, row) })
  return { chat: await toChat(tx, { ...place, chat: row }) }
}

export async function blockUser(tx: Tx, actor: Actor, { userId: other }: ParsedInput<'blockUser'>) {
  const user = userOf(actor)
  await assertKnown(tx, [other], 'userId')
  const changed = other === user ? 0 : await tx.run(insertBlock, { user, other, now: tx.now })
  if (changed > 0) await append(tx, topics.user(user), 'user.blocked', { userId: other })
  return {}
}

export async function unblockUser(tx: Tx, actor: Actor, { userId: other }: ParsedInput<'unblockUser'>) {
  const user = userOf(actor)
  const changed = await tx.run(deleteBlock, { user, other })
  if (changed > 0) await append(tx, topics.user(user), 'user.unblocked', { userId: other })
  return {}
}

export async function listBlocks(reader: Reader, { user }: { user: string }) {
  return { userIds: (await reader.all(blocksOf, { user })).map(({ blocked_id }) => blocked_id) }
}
