import type { Change, Deny, PolicyContext, Rule } from './policy.ts'
import { deny, isReading, isSaying } from './verdicts.ts'

type Membership = NonNullable<PolicyContext['membership']>

/** What a moderator may not set. */
const OWNERS_CHANGES = new Set<Change>(['state', 'context', 'role'])

/**
 * What a member may do by role, access and mute. It has no opinion about people who are not in the chat: see
 * `membersOnly`. Source: chat-presence.md §1.
 * @param options.editWindowMs how long one's own messages can be edited
 */
export function memberRoles({ editWindowMs }: { editWindowMs: number }): Rule {
  return {
    name: 'memberRoles',
    judge(context) {
      const { membership, action } = context
      if (!membership?.isActive || isReading(action) || action === 'createChat') return undefined
      if (action === 'updateChat' || action === 'addMembers' || action === 'removeMembers')
        return administering(context, membership)
      if (membership.role === 'observer' || membership.access === 'read')
        return deny('chat_readonly', 'You can only read here.')
      return muted(context, membership) ?? ownMessages(context, membership, editWindowMs)
    },
  }
}

function muted({ action, now, facts }: PolicyContext, membership: Membership): Deny | undefined {
  const until = Math.max(membership.mutedUntil ?? 0, facts.mutedUntil ?? 0)
  return isSaying(action) && until > now ? deny('muted', undefined, until - now) : undefined
}

function ownMessages(
  { action, actor, now, target }: PolicyContext,
  { role }: Membership,
  editWindowMs: number,
): Deny | undefined {
  if (!target) return undefined
  const isOwn = target.senderId === actor.id
  if (action === 'deleteMessage') return isOwn || isLeading(role) ? undefined : deny('not_owner')
  if (action !== 'editMessage') return undefined
  if (!isOwn) return deny('not_owner')
  return now - target.createdAt > editWindowMs ? deny('edit_window_over') : undefined
}

const isLeading = (role: Membership['role']) => role === 'owner' || role === 'moderator'

function administering(
  { action, chat, subjects, changes }: PolicyContext,
  { role }: Membership,
): Deny | undefined {
  if (chat?.type === 'direct' && action !== 'updateChat')
    return deny('forbidden', 'A direct chat has two members.')
  if (role === 'owner') return undefined
  if (role !== 'moderator') return deny('forbidden', 'Only a moderator or the owner can do this.')
  const isOwners = changes?.some((change) => OWNERS_CHANGES.has(change)) ?? false
  const hasOwner = subjects?.some((subject) => subject.role === 'owner') ?? false
  return isOwners || hasOwner ? deny('forbidden', 'Only the owner can do this.') : undefined
}
