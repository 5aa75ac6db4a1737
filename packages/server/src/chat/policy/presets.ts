import type { Kind, PolicyChat, PolicyContext, Rule } from './policy.ts'
import { deny, isReading, isSaying, isTalking } from './verdicts.ts'

const DAY_MS = 24 * 3600 * 1000
const isStaff = ({ actor }: PolicyContext) => actor.kind === 'staff'

/** Everyone may talk with everyone. It forbids nothing, and says so in a list of rules. */
export function openMessaging(): Rule {
  return { name: 'openMessaging', judge: () => ({ effect: 'allow' }) }
}

/** A chat is for its members: strangers do not know it, former ones keep reading what they could. */
export function membersOnly(): Rule {
  return {
    name: 'membersOnly',
    judge({ action, membership }) {
      if (action === 'createChat' || membership?.isActive) return undefined
      if (!membership) return deny('not_found')
      return isReading(action) ? undefined : deny('not_participant')
    },
  }
}

/**
 * The provider answers and does not begin; the client waits for the answer.
 * @param options.maxOpening messages of the client before it
 */
export function clientMustStart({ maxOpening = 1 }: { maxOpening?: number } = {}): Rule {
  return {
    name: 'clientMustStart',
    judge(context) {
      const { action, actor, counterpart, facts } = context
      if (isStaff(context) || facts.counterpartMessages > 0) return undefined
      if (actor.kind === 'provider' && counterpart?.kind === 'client' && isTalking(action))
        return deny('client_must_start')
      const isOpening = action === 'postMessage' || action === 'uploadMedia'
      if (actor.kind !== 'client' || counterpart?.kind !== 'provider' || !isOpening) return undefined
      return facts.actorMessages >= maxOpening
        ? deny('client_must_start', 'Wait for an answer before you write again.')
        : undefined
    },
  }
}

/** People talk about something that has not ended. */
export function onlyWithinContext(kinds: readonly NonNullable<PolicyChat['context']>['kind'][]): Rule {
  return {
    name: 'onlyWithinContext',
    judge({ action, chat, now }) {
      if (!isTalking(action)) return undefined
      const context = chat?.context
      const isUnderWay = context && kinds.includes(context.kind) && (context.endedAt ?? Infinity) > now
      return isUnderWay ? undefined : deny('no_active_context')
    },
  }
}

const REFUSAL_BY_STATE = {
  open: 'chat_readonly',
  pending: 'chat_readonly',
  readonly: 'chat_readonly',
  locked: 'chat_locked',
  closed: 'chat_closed',
} as const satisfies Record<PolicyChat['state'], string>

/** Only chats in one of these states are written in. */
export function writableStates(states: readonly PolicyChat['state'][] = ['open', 'pending']): Rule {
  return {
    name: 'writableStates',
    judge({ action, chat }) {
      if (!chat || !isSaying(action) || states.includes(chat.state)) return undefined
      return deny(REFUSAL_BY_STATE[chat.state])
    },
  }
}

/** Some time after what the chat is about has ended, it can only be read. */
export function readOnlyAfter({ days }: { days: number }): Rule {
  return {
    name: 'readOnlyAfter',
    judge({ action, chat, now }) {
      const endedAt = chat?.context?.endedAt
      if (endedAt === undefined || !isSaying(action)) return undefined
      return now >= endedAt + days * DAY_MS ? deny('chat_readonly') : undefined
    },
  }
}

/** Two people of this kind do not talk with each other. */
export function noPeerChat(kind: Kind): Rule {
  return {
    name: 'noPeerChat',
    judge(context) {
      const arePeers = context.actor.kind === kind && context.counterpart?.kind === kind
      if (!arePeers || isStaff(context) || !isTalking(context.action)) return undefined
      return deny('forbidden', `A ${kind} cannot write to another ${kind}.`)
    },
  }
}

/** In direct chats nobody writes to whom he has blocked, or who has blocked him. */
export function blockList(): Rule {
  return {
    name: 'blockList',
    judge({ action, chat, facts }) {
      const isDirect = chat === undefined || chat.type === 'direct'
      return isDirect && facts.blockedEither && isTalking(action) ? deny('blocked') : undefined
    },
  }
}

/** A pause between one person's messages. */
export function slowMode(seconds: number): Rule {
  return {
    name: 'slowMode',
    judge(context) {
      const { action, facts, now } = context
      if (action !== 'postMessage' || isStaff(context) || facts.lastActorMessageAt === undefined)
        return undefined
      const waitMs = facts.lastActorMessageAt + seconds * 1000 - now
      return waitMs > 0 ? deny('rate_limited', 'Wait a little before the next message.', waitMs) : undefined
    },
  }
}

/** Texts of at most `n` characters. */
export function maxLength(n: number): Rule {
  return {
    name: 'maxLength',
    judge: ({ message }) => (message && [...message.content].length > n ? deny('too_long') : undefined),
  }
}

/** Only files of these kinds, such as `image`, or media types, such as `application/pdf`. */
export function mediaTypes(list: readonly string[]): Rule {
  const isListed = (name: string | undefined) => name !== undefined && list.includes(name)
  return {
    name: 'mediaTypes',
    judge({ action, message }) {
      if (action === 'uploadMedia' && list.length === 0) return deny('media_rejected')
      const isFine = message?.media?.every(({ kind, mime }) => isListed(kind) || isListed(mime)) ?? true
      return isFine ? undefined : deny('media_rejected')
    },
  }
}
