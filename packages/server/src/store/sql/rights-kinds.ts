import type { EntryKind } from '@belfry/protocol'

/**
 * Kinds of entries that change what somebody may do or see, or how somebody wants to be seen. A schema has an index of
 * them: the list is never edited after a release.
 */
export const RIGHTS_KINDS = [
  'account.changed',
  'session.revoked',
  'key.revoked',
  'chat.joined',
  'chat.left',
  'user.blocked',
  'user.unblocked',
  'presence.set',
] as const satisfies readonly EntryKind[]
