import { type Action, type Chat, type ChatContext, Failure, type ParsedInput } from '@belfry/protocol'
import type { RawBuilder } from 'kysely'
import type { ChatRow, MessageRow } from '../store/sql/chat-schema.ts'
import { statement } from '../store/sql/statement.ts'
import type { Reader } from '../store/store.ts'
import { blockRow, membersOf } from './chat-statements.ts'
import { bodyOf } from './message-shape.ts'
import { type Person, personsOf } from './persons.ts'
import type { Place } from './place.ts'
import {
  capabilities,
  type Draft,
  decide,
  kindOf,
  type PolicyContext,
  policyContextOf,
} from './policy/index.ts'
import { rulesFor } from './settings.ts'

/** Rules ask about the first few messages; more are not counted, so that a long chat costs no more than a short one. */
const MAX_COUNTED = 100

const factsOfPosts = statement<{ chat: string; user: string; other: string }>()((db, p) => {
  const posts = (user: RawBuilder<string>) =>
    db.selectFrom('message').where('chat_id', '=', p.chat).where('sender_id', '=', user)
  const count = (user: RawBuilder<string>) =>
    db
      .selectFrom(posts(user).select('seq').orderBy('seq').limit(MAX_COUNTED).as('some'))
      .select((row) => row.fn.countAll<number>().as('n'))
  return db
    .selectNoFrom(count(p.user).as('own'))
    .select(count(p.other).as('theirs'))
    .select(posts(p.user).select('created_at').orderBy('seq', 'desc').limit(1).as('last_at'))
})

type Details = Pick<PolicyContext, 'message' | 'target' | 'subjects' | 'changes'>

function chatOf(chat: ChatRow): NonNullable<PolicyContext['chat']> {
  const context: ChatContext | undefined = chat.context === null ? undefined : JSON.parse(chat.context)
  return {
    id: chat.id,
    // What the row holds was validated when it was written.
    type: chat.type as Chat['type'],
    state: chat.state as Chat['state'],
    ...(context ? { context: policyContextOf(context) } : {}),
  }
}

const asActor = ({ id, roles }: Person) => ({ id, roles, kind: kindOf(roles) })

/** Everything that a rule may know of this member, in this transaction. */
export async function contextOf(reader: Reader, action: Action, place: Place): Promise<PolicyContext> {
  const { chat, user, member, person, isActive } = place
  const isDirect = chat.type === 'direct'
  const others = isDirect
    ? (await reader.all(membersOf, { chat: chat.id })).filter((one) => one.user_id !== user)
    : []
  const other = others[0]?.user_id
  const persons = await personsOf(reader, other === undefined ? [] : [other])
  const posts = await reader.get(factsOfPosts, { chat: chat.id, user, other: other ?? '' })
  const lastAt = posts?.last_at ?? null
  const isBlocked = other !== undefined && (await reader.get(blockRow, { user, other })) !== undefined
  const counterpart = other === undefined ? undefined : persons.get(other)
  return {
    action,
    now: reader.now,
    actor: asActor(person),
    ...(counterpart ? { counterpart: { id: counterpart.id, kind: kindOf(counterpart.roles) } } : {}),
    chat: chatOf(chat),
    membership: {
      role: member.role as NonNullable<PolicyContext['membership']>['role'],
      access: member.access === 'read' ? 'read' : 'readwrite',
      isActive,
      ...(member.muted_until === null ? {} : { mutedUntil: member.muted_until }),
    },
    facts: {
      actorMessages: Number(posts?.own ?? 0),
      counterpartMessages: Number(posts?.theirs ?? 0),
      ...(lastAt === null ? {} : { lastActorMessageAt: lastAt }),
      blockedEither: isBlocked,
    },
  }
}

function ask(context: PolicyContext) {
  const verdict = decide(rulesFor(context), context)
  if (verdict.effect === 'allow') return verdict
  const { code, message, retryAfterMs } = verdict
  throw new Failure(code, { message, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) })
}

/** @throws Failure with the code of the rule that forbids it */
export async function judge(reader: Reader, action: Action, place: Place, details: Details = {}) {
  return ask({ ...(await contextOf(reader, action, place)), ...details })
}

/** What may be said of a draft. @throws Failure with the code of the rule that forbids it */
export async function judgePost(
  reader: Reader,
  place: Place,
  input: ParsedInput<'postMessage'>,
): Promise<{ said: ParsedInput<'postMessage'>; policyNotice: string | undefined }> {
  const { chatId, clientId, ...message } = input
  const { transform = message, policyNotice } = await judge(reader, 'postMessage', place, { message })
  // A draft is what `postMessage` takes, in the rules' own words for it.
  return { said: { ...(transform as typeof message), chatId, clientId }, policyNotice }
}

/** What may stand in place of a message's text. @throws Failure with the code of the rule that forbids it */
export async function judgeEdit(
  reader: Reader,
  place: Place,
  { row, content }: { row: MessageRow; content: string },
): Promise<Draft> {
  const message: Draft = { ...bodyOf(row), content, messageType: row.type }
  const verdict = await judge(reader, 'editMessage', place, { message, target: targetOf(row) })
  return verdict.transform ?? message
}

export const targetOf = (row: MessageRow): NonNullable<PolicyContext['target']> => ({
  senderId: row.sender_id,
  createdAt: row.created_at,
})

interface NewChat {
  user: string
  others: string[]
  type: Chat['type']
  context: ChatContext | undefined
  title: string | undefined
}

/** What may be its title. @throws Failure with the code of the rule that forbids to make it */
export async function judgeCreate(
  reader: Reader,
  { user, others, type, context, title }: NewChat,
): Promise<string | undefined> {
  const [other] = type === 'direct' ? others : []
  const persons = await personsOf(reader, other === undefined ? [user] : [user, other])
  const counterpart = other === undefined ? undefined : persons.get(other)
  const isBlocked = other !== undefined && (await reader.get(blockRow, { user, other })) !== undefined
  const { transform } = ask({
    action: 'createChat',
    now: reader.now,
    actor: asActor(persons.get(user) ?? { id: user, name: user, roles: [] }),
    ...(counterpart ? { counterpart: { id: counterpart.id, kind: kindOf(counterpart.roles) } } : {}),
    chat: { id: '', type, state: 'open', ...(context ? { context: policyContextOf(context) } : {}) },
    ...(title === undefined ? {} : { message: { content: title } }),
    facts: { actorMessages: 0, counterpartMessages: 0, blockedEither: isBlocked },
  })
  return transform?.content ?? title
}

/** What this member may do now, and why not to write. */
export async function capabilitiesOf(
  reader: Reader,
  place: Place,
): Promise<Pick<Chat, 'capabilities' | 'policyNotice'>> {
  const context = await contextOf(reader, 'postMessage', place)
  const rules = rulesFor(context)
  const verdict = decide(rules, context)
  const notice = verdict.effect === 'deny' ? verdict.message : verdict.policyNotice
  return {
    capabilities: capabilities(rules, context),
    ...(notice === undefined ? {} : { policyNotice: notice }),
  }
}
