import { id } from '@belfry/protocol'
import { z } from 'zod'
import type { Bus } from '../bus/bus.ts'
import type { LogEntry } from '../store/store.ts'
import { topics } from './topics.ts'

/** More than one commit brings; what is beyond is found in the log. */
const MAX_TOLD = 500

const account = z.strictObject({ kind: z.literal('account'), user: id })
const block = z.strictObject({ kind: z.enum(['user.blocked', 'user.unblocked']), user: id, other: id })
/**
 * What nodes keep in memory of a user is no longer so: roles, sessions and keys, or who is blocked. It says of whom and
 * not what: whoever kept something forgets it and asks the store. So it may be lost, repeated, reordered and made up.
 */
const hint = z.discriminatedUnion('kind', [account, block])
export type Hint = z.output<typeof hint>
const told = z.array(hint).max(MAX_TOLD)

function hintOf({ topic, kind, data }: LogEntry): Hint | undefined {
  const user = topic.slice(topics.user('').length)
  switch (kind) {
    case 'account.changed':
    case 'session.revoked':
    case 'key.revoked':
      return { kind: 'account', user }
    case 'user.blocked':
    case 'user.unblocked':
      return { kind, user, other: data.userId }
    default:
      return undefined
  }
}

/**
 * Tells every node at once what this one has taken from somebody, whoever is connected where. What the bus loses of it,
 * `RightsCheck` finds.
 */
export class Control {
  readonly #bus: Pick<Bus, 'tell' | 'onTold'>

  constructor(bus: Pick<Bus, 'tell' | 'onTold'>, onHint: (hint: Hint) => void) {
    this.#bus = bus
    bus.onTold('control', (message) => {
      const { success, data } = told.safeParse(message)
      if (success) for (const one of data) onHint(one)
    })
  }

  /** Call for what this node has committed. */
  tell(entries: readonly LogEntry[]): void {
    const hints = entries.flatMap((entry) => hintOf(entry) ?? [])
    if (hints.length > 0) this.#bus.tell('control', hints.slice(0, MAX_TOLD))
  }
}
