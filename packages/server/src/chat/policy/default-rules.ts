import { contactInfo } from './contact-info.ts'
import type { PolicyContext, Rule } from './policy.ts'
import { blockList, clientMustStart, membersOnly, openMessaging, writableStates } from './presets.ts'

const AMONG_EQUALS: readonly Rule[] = [membersOnly(), blockList(), writableStates()]
const IN_A_MARKET: readonly Rule[] = [
  membersOnly(),
  blockList(),
  clientMustStart({ maxOpening: 1 }),
  writableStates(),
  contactInfo({ mode: 'mask', until: 'paid' }),
]

/** The rules between two people of these kinds, where an operator has set no others. Source: chat-presence.md §2. */
export function defaultRules({
  actor,
  counterpart,
}: Pick<PolicyContext, 'actor' | 'counterpart'>): readonly Rule[] {
  const kinds = new Set([actor.kind, counterpart?.kind])
  return kinds.has('client') && kinds.has('provider') ? IN_A_MARKET : AMONG_EQUALS
}

/** As between equals for everyone. */
export const openRules: readonly Rule[] = [...AMONG_EQUALS, openMessaging()]
