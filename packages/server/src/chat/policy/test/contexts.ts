import type { PolicyContext } from '../policy.ts'

/** A member of an open chat of two who wants to post, with whatever a test needs otherwise. */
export function contextOf(parts: Partial<PolicyContext> = {}): PolicyContext {
  return {
    action: 'postMessage',
    now: 1_000_000,
    actor: { id: 'ann', roles: ['user'] },
    counterpart: { id: 'bob' },
    chat: { id: 'chat', type: 'direct', state: 'open' },
    membership: { role: 'member', access: 'readwrite', isActive: true },
    facts: { actorMessages: 0, counterpartMessages: 0, blockedEither: false },
    ...parts,
  }
}
