import type { Scope } from '@belfry/protocol'

/** Who acts. Made by the doors from a token or key, never from an argument. Plain data: it crosses thread borders. */
export type Actor =
  | { kind: 'user'; id: string; roles: string[]; sessionId: string }
  | { kind: 'key'; id: string; ownerId: string; scopes: Scope[] }
  /** `AUTH=open` without a named user: everything is allowed, nobody is meant. */
  | { kind: 'open' }
  /** The server itself: timers, start-up. */
  | { kind: 'system' }
  | { kind: 'nobody' }

/** Under whose name idempotency keys are kept. */
export function principalOf(actor: Actor): string {
  switch (actor.kind) {
    case 'user':
    case 'key':
      return `${actor.kind}:${actor.id}`
    default:
      return actor.kind
  }
}
