import { type Action, type ErrorCode, errors } from '@belfry/protocol'
import type { Deny } from './policy.ts'

/** A refusal, in the table's words unless others are given. */
export function deny(code: ErrorCode, message: string = errors[code].message, retryAfterMs?: number): Deny {
  return { effect: 'deny', code, message, ...(retryAfterMs !== undefined && { retryAfterMs }) }
}

/** Actions that put something before others. Taking one's own message back is not among them. */
export const isSaying = (action: Action): boolean => SAYING.has(action)
const SAYING = new Set<Action>(['postMessage', 'editMessage', 'reactToMessage', 'uploadMedia'])

/** Actions that begin a chat or go on with it. */
export const isTalking = (action: Action): boolean => action === 'createChat' || isSaying(action)

export const isReading = (action: Action): boolean => action === 'openChat' || action === 'listMessages'
