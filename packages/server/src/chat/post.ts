import { createHash } from 'node:crypto'
import { Failure, type Media, type Message, type ParsedInput } from '@belfry/protocol'
import type { Actor } from '../core/actor.ts'
import { append, appendReference } from '../core/log.ts'
import { topics } from '../core/topics.ts'
import type { MessageRow } from '../store/sql/chat-schema.ts'
import type { Tx } from '../store/store.ts'
import { factsOf, toPrefs } from './chat-shape.ts'
import { chatRow, setChat, takeSeq, unhide } from './chat-statements.ts'
import { judgePost } from './judge.ts'
import { mention } from './mentions.ts'
import { newMessage, type StoredMessage, toMessages } from './message-shape.ts'
import { insertMessage, messageByClient } from './message-statements.ts'
import type { Outside } from './outside.ts'
import { type Place, placeOf, readMessage, userOf } from './place.ts'
import { tellDue } from './receipts.ts'

type Input = ParsedInput<'postMessage'>
interface Posted {
  message: Message
  duplicate: boolean
  policyNotice?: string
}

/** Of everything that the sender says. */
function hashOf({ chatId: _, clientId: _c, ...said }: Input): string {
  return createHash('sha256').update(JSON.stringify(said)).digest('base64url')
}

/**
 * Posts a message, once per sender and `clientId`: a repeat gives the message that is there, whatever the rules say by
 * now, as long as it says the same.
 */
export function createPost(outside: Outside) {
  return async (tx: Tx, actor: Actor, input: Input): Promise<Posted> => {
    const user = userOf(actor)
    const place = await placeOf(tx, input.chatId, user)
    const clientId = input.clientId ?? tx.newId()
    const hash = hashOf(input)
    const before = await tx.get(messageByClient, { chat: place.chat.id, sender: user, clientId })
    if (before) return { message: await repeated(tx, before, { hash, user }), duplicate: true }
    if (!place.isActive) throw new Failure('not_participant')
    const { media = [] } = input
    const asked = { ...input, media: await outside.describeMedia(tx, user, media) }
    const { said, policyNotice } = await judgePost(tx, place, media.length > 0 ? asked : input)
    if (input.replyTo !== undefined) await assertReadable(tx, place, input.replyTo)
    const message = await write(tx, outside, { place, clientId, hash, input: said })
    return { message, duplicate: false, ...(policyNotice === undefined ? {} : { policyNotice }) }
  }
}

async function repeated(
  tx: Tx,
  row: MessageRow,
  { hash, user }: { hash: string; user: string },
): Promise<Message> {
  // A deleted message has no words left to compare.
  if (row.deleted_at === null && row.hash !== hash) throw new Failure('idempotency_conflict')
  return one(await toMessages(tx, [row], user))
}

function one(messages: Message[]): Message {
  const [message] = messages
  if (!message) throw new Error('The message is gone.')
  return message
}

async function assertReadable(tx: Tx, place: Place, id: string): Promise<void> {
  await readMessage(tx, place, id).catch(() => {
    throw new Failure('not_found', { field: 'replyTo' })
  })
}

interface Writing {
  place: Place
  clientId: string
  hash: string
  input: Input
}

async function write(tx: Tx, outside: Outside, { place, clientId, hash, input }: Writing): Promise<Message> {
  const { chat, user, person } = place
  const id = tx.newId()
  // What would be told within the second goes out together with the message.
  if (chat.receipts_due !== null) await tellDue(tx, chat)
  const taken = await tx.get(takeSeq, { id: chat.id, now: tx.now })
  if (!taken) throw new Error(`No chat ${chat.id}`)
  const seq = taken.last_seq
  await bringBack(tx, chat.id)
  const media = await mediaOf(tx, outside, { input, user, id })
  const mentions = await mention(tx, outside, { place, input, id, seq })
  const stored: StoredMessage = {
    ...definedOnly({ replyTo: input.replyTo, metadata: input.metadata }),
    media,
    mentions,
  }
  const row: Omit<MessageRow, 'offset'> = {
    ...{ id, chat_id: chat.id, seq, sender_id: user, client_id: clientId, hash, created_at: tx.now },
    type: input.messageType ?? typeOf(media),
    content: input.content,
    body: JSON.stringify(stored),
    silent: Number(input.silent ?? false),
    ...{ edited_at: null, deleted_at: null, deleted_by: null },
  }
  const message = await appendReference(tx, topics.room(chat.id), 'message.posted', {
    id,
    async make(offset) {
      tx.write(insertMessage, { ...row, offset })
      return newMessage(tx, { ...row, offset }, person.name)
    },
  })
  await answerPending(tx, place)
  return message
}

/** Who has hidden the chat sees it again. It is told on their own topics, where it stands behind the hiding. */
async function bringBack(tx: Tx, chatId: string): Promise<void> {
  for (const member of await tx.all(unhide, { chat: chatId }))
    await append(tx, topics.user(member.user_id), 'chat.prefsChanged', { chatId, prefs: toPrefs(member) })
}

function definedOnly(values: StoredMessage): StoredMessage {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
}

const typeOf = ([first]: Media[]): Message['messageType'] => first?.kind ?? 'text'

/** Uploaded files, and addresses from seeds' clients, which are only shown. */
async function mediaOf(
  tx: Tx,
  outside: Outside,
  { input, user, id }: { input: Input; user: string; id: string },
): Promise<Media[]> {
  const given = input.media ?? []
  const ids = given.flatMap((one) => ('id' in one ? [one.id] : []))
  const use = { ownerId: user, chatId: input.chatId, messageId: id, ids }
  const attached = ids.length === 0 ? [] : await outside.attachMedia(tx, use)
  const byId = new Map(attached.map((one) => [one.id, one]))
  return given.flatMap((one): Media[] => {
    if (!('id' in one)) return [externalMedia(one)]
    const file = byId.get(one.id)
    return file ? [{ ...file, ...(one.alt === undefined ? {} : { alt: one.alt }) }] : []
  })
}

function externalMedia({
  url,
  kind = 'file',
  name,
}: {
  url: string
  kind?: Media['kind'] | undefined
  name?: string | undefined
}): Media {
  const label = name ?? new URL(url).pathname.split('/').at(-1)?.slice(0, 120)
  const id = createHash('sha256').update(url).digest('base64url').slice(0, 22)
  return { id, kind, url, name: label || 'link', mime: 'application/octet-stream', size: 0, external: true }
}

/** A chat that waits for an answer is open once somebody else than its opener has written. */
async function answerPending(tx: Tx, { chat, user }: Place): Promise<void> {
  if (chat.state !== 'pending' || chat.creator === user) return
  const { id, title, avatar_url: avatarUrl, context, pins } = chat
  tx.write(setChat, { id, title, avatarUrl, context, pins, state: 'open' })
  const row = await tx.get(chatRow, { id })
  if (row) await append(tx, topics.room(id), 'room.updated', { chat: await factsOf(tx, row) })
}
