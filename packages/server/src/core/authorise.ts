import { type CommandRow, Failure } from '@belfry/protocol'
import type { Actor } from './actor.ts'

/**
 * Judges one row of the command table. There is no default: a rule that is not granted here is refused.
 * @throws Failure `unauthorized` without identity, `forbidden` without the right
 */
export function authorise(row: CommandRow, actor: Actor, isOpen: boolean): void {
  if (row.rule === 'anyone' || actor.kind === 'system') return
  if (row.rule === 'admin' && isOpen && (actor.kind === 'open' || actor.kind === 'user')) return
  if (actor.kind === 'nobody' || actor.kind === 'open') throw new Failure('unauthorized')
  if (row.rule === 'user') {
    if (actor.kind === 'user') return
    throw new Failure('forbidden', { message: 'Only a signed-in person can do this.' })
  }
  if (actor.kind === 'user' && actor.roles.includes('admin')) return
  if (actor.kind === 'key' && holds(actor.scopes, row)) return
  throw new Failure('forbidden')
}

function holds(scopes: readonly string[], row: CommandRow): boolean {
  return scopes.includes('admin') || (row.scope !== undefined && scopes.includes(row.scope))
}
