import { type Action, actions, type ChatContext, type ErrorCode, errors } from '@belfry/protocol'

/** Which side of a marketplace somebody is on; others have no kind. */
export type Kind = 'client' | 'provider' | 'staff'

/** A file beside a message: uploaded before, or somebody else's address. */
export interface DraftMedia {
  readonly id?: string | undefined
  readonly url?: string | undefined
  readonly kind?: string | undefined
  readonly mime?: string | undefined
  readonly name?: string | undefined
  readonly alt?: string | undefined
}

/** What a sender wants to say: input of `postMessage`, or the new text of `editMessage`. */
export interface Draft {
  readonly content: string
  readonly messageType?: string | undefined
  readonly media?: readonly DraftMedia[] | undefined
  readonly replyTo?: string | undefined
  readonly mentions?: readonly string[] | undefined
  readonly metadata?: Readonly<Record<string, unknown>> | undefined
  readonly silent?: boolean | undefined
}

export type Role = 'owner' | 'moderator' | 'member' | 'observer'

/** What `updateChat`, `updateMembers` and `addMembers` want to set. */
export type Change = 'title' | 'avatarUrl' | 'state' | 'context' | 'role' | 'access' | 'mutedUntil'

/**
 * All that a rule may know. Plain data, times in milliseconds since 1970. Without `message`, `target`, `subjects` and
 * `changes` it asks whether the actor may do such a thing at all.
 */
export interface PolicyContext {
  /** A change of members' role, access or mute is judged as `updateChat`. */
  readonly action: Action
  readonly now: number
  readonly actor: {
    readonly id: string
    readonly roles: readonly string[]
    readonly kind?: Kind | undefined
  }
  /** The other member of a direct chat. */
  readonly counterpart?: { readonly id: string; readonly kind?: Kind | undefined } | undefined
  /** What is to be said; of a chat that is made or changed the title, of a reaction its sign. */
  readonly message?: Draft | undefined
  /** The message that is to be edited, deleted or reacted to. */
  readonly target?: { readonly senderId: string | null; readonly createdAt: number } | undefined
  /** The members that are to be changed or removed. */
  readonly subjects?: readonly { readonly id: string; readonly role: Role }[] | undefined
  readonly changes?: readonly Change[] | undefined
  /** For `createChat` the chat as it would be. */
  readonly chat?: PolicyChat | undefined
  /** The actor's place in the chat; without it a stranger. */
  readonly membership?:
    | {
        readonly role: Role
        readonly access: 'readwrite' | 'read'
        /** Whether the actor is in the chat now, and not only was. */
        readonly isActive: boolean
        /** A moderator's mute. */
        readonly mutedUntil?: number | undefined
      }
    | undefined
  readonly facts: {
    /** Messages in this chat so far; above 100 they are not counted. */
    readonly actorMessages: number
    readonly counterpartMessages: number
    readonly lastActorMessageAt?: number | undefined
    /** Whether actor or counterpart has blocked the other. */
    readonly blockedEither: boolean
    readonly mutedUntil?: number | undefined
  }
}

export interface PolicyChat {
  readonly id: string
  readonly type: 'direct' | 'group' | 'support'
  readonly state: 'open' | 'pending' | 'readonly' | 'locked' | 'closed'
  readonly context?: PolicyChatContext | undefined
}

interface PolicyChatContext {
  readonly kind: ChatContext['kind']
  readonly id: string
  readonly state?: string | undefined
  readonly paidAt?: number | undefined
  readonly endedAt?: number | undefined
}

export interface Deny {
  readonly effect: 'deny'
  readonly code: ErrorCode
  /** For people. */
  readonly message: string
  readonly retryAfterMs?: number | undefined
}

interface Allow {
  readonly effect: 'allow'
  /** What is said in place of the draft. */
  readonly transform?: Draft | undefined
  /** Told to the sender beside the result. */
  readonly policyNotice?: string | undefined
}

export type Decision = Allow | Deny

/** One rule. It is pure, and fast for every input: it runs inside the transaction of each message. */
export interface Rule {
  readonly name: string
  /** `undefined`: no opinion. */
  judge(context: PolicyContext): Decision | undefined
}

/** A decision with the name of the rule that made it; without one nothing had an objection. */
export type Verdict = Decision & { readonly rule?: string }

/**
 * Asks the rules in order: the first `deny` wins, transforms chain, the last `policyNotice` stays.
 * @throws Error when a rule gives what is no decision
 * @example
 * const verdict = decide([maxLength(500)], context)
 * if (verdict.effect === 'deny') throw new Failure(verdict.code, { message: verdict.message })
 */
export function decide(rules: readonly Rule[], context: PolicyContext): Verdict {
  let known = context
  let verdict: Allow & { rule?: string } = { effect: 'allow' }
  for (const rule of rules) {
    const decision = rule.judge(known)
    if (decision === undefined) continue
    assertDecision(rule.name, decision)
    if (decision.effect === 'deny') return { ...decision, rule: rule.name }
    const { transform, policyNotice } = decision
    if (transform) known = { ...known, message: transform }
    if (transform || policyNotice !== undefined) {
      verdict = { ...verdict, ...(transform && { transform }), rule: rule.name }
      if (policyNotice !== undefined) verdict = { ...verdict, policyNotice }
    }
  }
  return verdict
}

/** What the actor may do now: a dry run of each action. */
export function capabilities(rules: readonly Rule[], context: PolicyContext): Action[] {
  const { message, target, subjects, changes, ...state } = context
  return actions.filter((action) => decide(rules, { ...state, action }).effect === 'allow')
}

/** Rules may come from an app's own JavaScript, which no compiler has seen. */
function assertDecision(name: string, decision: Decision): void {
  if (decision.effect === 'allow') return
  if (decision.effect === 'deny' && Object.hasOwn(errors, decision.code)) return
  throw new Error(`The policy rule ${name} gave no decision.`)
}

/** The kind that an account's roles say. */
export function kindOf(roles: readonly string[]): Kind | undefined {
  if (roles.includes('staff') || roles.includes('admin')) return 'staff'
  if (roles.includes('provider')) return 'provider'
  return roles.includes('client') ? 'client' : undefined
}

/** A chat's context with its times as numbers. */
export function policyContextOf(context: ChatContext): PolicyChatContext {
  const { paidAt, endedAt, ...rest } = context
  return {
    ...rest,
    paidAt: paidAt === undefined ? undefined : Date.parse(paidAt),
    endedAt: endedAt === undefined ? undefined : Date.parse(endedAt),
  }
}
