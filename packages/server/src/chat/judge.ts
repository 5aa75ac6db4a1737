import { type Action, type Chat, type ChatContext, Failure, type ParsedInput } from '@belfry/protocol'
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
  defaultRules,
  kindOf,
  memberRoles,
  type PolicyContext,
  policyContextOf,
} from './policy/index.ts'

const postsBy = statement<{ chat: string; user: string }>()((db, p) =>
  db
    .selectFrom('message')
    .select((row) => [row.fn.countAll<number>().as('count'), row.fn.max('created_at').as('last')])
    .where('chat_id', '=', p.chat)
    .where('sender_id', '=', p.user),
)

/** How long a sender may change the text. Source: chat-presence.md §1. */
const EDIT_WINDOW_MS = 24 * 60 * 60_000
const roles = memberRoles({ editWindowMs: EDIT_WINDOW_MS })
const rulesFor = (context: PolicyContext) => [roles, ...defaultRules(context)]

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
async function contextOf(reader: Reader, action: Action, place: Place): Promise<PolicyContext> {
  const { chat, user, member, isActive } = place
  const isDirect = chat.type === 'direct'
  const others = isDirect
    ? (await reader.all(membersOf, { chat: chat.id })).filter((one) => one.user_id !== user)
    : []
  const other = others[0]?.user_id
  const persons = await personsOf(reader, other === undefined ? [user] : [user, other])
  const own = await reader.get(postsBy, { chat: chat.id, user })
  const isBlocked = other !== undefined && (await reader.get(blockRow, { user, other })) !== undefined
  const counterpart = other === undefined ? undefined : persons.get(other)
  return {
    action,
    now: reader.now,
    actor: asActor(persons.get(user) ?? { id: user, name: user, roles: [] }),
    ...(counterpart ? { counterpart: { id: counterpart.id, kind: kindOf(counterpart.roles) } } : {}),
    chat: chatOf(chat),
    membership: {
      role: member.role as NonNullable<PolicyContext['membership']>['role'],
      access: member.access === 'read' ? 'read' : 'readwrite',
      isActive,
      ...(member.muted_until === null ? {} : { mutedUntil: member.muted_until }),
    },
    facts: {
      actorMessages: Number(own?.count ?? 0),
      counterpartMessages:
        other === undefined
          ? 0
          : Number((await reader.get(postsBy, { chat: chat.id, user: other }))?.count ?? 0),
      ...(own?.last ? { lastActorMessageAt: Number(own.last) } : {}),
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
): Promise<{ draft: Draft; policyNotice: string | undefined }> {
  const { chatId: _, clientId: _c, ...message } = input
  const { transform = message, policyNotice } = await judge(reader, 'postMessage', place, { message })
  return { draft: transform, policyNotice }
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
}

/** @throws Failure with the code of the rule that forbids to make it */
export async function assertMayCreate(
  reader: Reader,
  { user, others, type, context }: NewChat,
): Promise<void> {
  const [other] = type === 'direct' ? others : []
  const persons = await personsOf(reader, other === undefined ? [user] : [user, other])
  const counterpart = other === undefined ? undefined : persons.get(other)
  const isBlocked = other !== undefined && (await reader.get(blockRow, { user, other })) !== undefined
  ask({
    action: 'createChat',
    now: reader.now,
    actor: asActor(persons.get(user) ?? { id: user, name: user, roles: [] }),
    ...(counterpart ? { counterpart: { id: counterpart.id, kind: kindOf(counterpart.roles) } } : {}),
    chat: { id: '', type, state: 'open', ...(context ? { context: policyContextOf(context) } : {}) },
    facts: { actorMessages: 0, counterpartMessages: 0, blockedEither: isBlocked },
  })
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
