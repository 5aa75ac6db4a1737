import type { Action, ErrorCode } from '@belfry/protocol'
import { actions } from '@belfry/protocol'
import { EDIT_WINDOW_MS } from './limits.ts'
import type { Oracle } from './oracle.ts'
import type { OracleChat as Chat, Said } from './oracle-chat.ts'

type Refusal = ErrorCode | undefined

export interface Asked {
  oracle: Oracle
  chat: Chat
  user: string
  now: number
}

/** Nobody knows a chat that he was never in; who was is told that it is over. */
export function refusedPlace({ chat, user }: Pick<Asked, 'chat' | 'user'>): Refusal {
  const seat = chat.seats.get(user)
  if (!seat) return 'not_found'
  return seat.leftAt === undefined ? undefined : 'not_participant'
}

/** What puts something before others. */
const SAYING = new Set<Action>(['postMessage', 'editMessage', 'reactToMessage', 'uploadMedia'])

function isParted({ oracle, chat, user }: Asked): boolean {
  const other = chat.otherOf(user)
  return other !== undefined && oracle.arePartedBy(user, other)
}

/** Of a member who is in the chat. `target` is the message that is to be changed. */
export function refusedAction(asked: Asked, action: Action, target?: Said): Refusal {
  const { chat, user, now } = asked
  const { role, access, mutedUntil } = chat.seat(user)
  const isSaying = SAYING.has(action)
  if (action === 'openChat' || action === 'listMessages') return undefined
  if (action === 'createChat') return isParted(asked) ? 'blocked' : undefined
  if (action === 'updateChat' || action === 'addMembers' || action === 'removeMembers')
    return isLeading(role) ? undefined : 'forbidden'
  if (role === 'observer' || access === 'read') return 'chat_readonly'
  if (isSaying && (mutedUntil ?? 0) > now) return 'muted'
  if (target && action === 'deleteMessage' && target.sender !== user && !isLeading(role)) return 'not_owner'
  if (target && action === 'editMessage' && target.sender !== user) return 'not_owner'
  if (target && action === 'editMessage' && now - target.createdAt > EDIT_WINDOW_MS) return 'edit_window_over'
  if (!isSaying) return undefined
  if (isParted(asked)) return 'blocked'
  return refusedByState(chat)
}

function refusedByState({ state }: Chat): Refusal {
  if (state === 'open' || state === 'pending') return undefined
  if (state === 'closed') return 'chat_closed'
  return state === 'locked' ? 'chat_locked' : 'chat_readonly'
}

export const isLeading = (role: string): boolean => role === 'owner' || role === 'moderator'

/** All that this user, here now or before, may do. */
export function allowed(asked: Asked): Action[] {
  const { chat, user } = asked
  return actions.filter((action) => {
    const isReading = action === 'openChat' || action === 'listMessages'
    if (!chat.isActive(user) && action !== 'createChat') return isReading
    return refusedAction(asked, action) === undefined
  })
}
