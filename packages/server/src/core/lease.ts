import { Failure } from '@belfry/protocol'
import { statement } from '../store/sql/statement.ts'
import type { Handler, Query, Tx } from '../store/store.ts'
import type { Actor } from './actor.ts'
import { CountingTx } from './counting-tx.ts'

/** Proof that its bearer held the lease when it began. */
export interface Fence {
  name: string
  fence: number
}

/** A lease as it was seen: once it has changed, its holder lives. */
export interface Seen {
  fence: number
  beats: number
}

export interface LeaseState extends Seen {
  isFree: boolean
}

const leaseRow = statement<{ name: string }>()((db, p) =>
  db.selectFrom('lease').selectAll().where('name', '=', p.name),
)
const addLease = statement<{ name: string }>()((db, p) =>
  db
    .insertInto('lease')
    .values({ name: p.name, holder: null, fence: 0, beats: 0 })
    .onConflict((conflict) => conflict.column('name').doNothing()),
)
const takeLease = statement<{ name: string; holder: string; next: number } & Seen>()((db, p) =>
  db
    .updateTable('lease')
    .set({ holder: p.holder, fence: p.next, beats: 0 })
    .where('name', '=', p.name)
    .where('fence', '=', p.fence)
    .where('beats', '=', p.beats),
)
const beatLease = statement<Fence>()((db, p) =>
  db
    .updateTable('lease')
    .set((row) => ({ beats: row('beats', '+', 1) }))
    .where('name', '=', p.name)
    .where('fence', '=', p.fence)
    .where('holder', 'is not', null),
)
const freeLease = statement<Fence>()((db, p) =>
  db.updateTable('lease').set({ holder: null }).where('name', '=', p.name).where('fence', '=', p.fence),
)

/** How it stands; undefined when nobody has held it yet. */
async function leaseOf(
  ...[reader, { name }]: Parameters<Query<{ name: string }>>
): Promise<LeaseState | undefined> {
  const row = await reader.get(leaseRow, { name })
  return row && { fence: row.fence, beats: row.beats, isFree: row.holder === null }
}

interface Claim {
  name: string
  holder: string
  /** As it was seen, so long unchanged that its holder must have ended; left out, it is taken only if it is free. */
  seen?: Seen
}

/** Takes the lease, unless somebody else was quicker or its holder lives after all. Replies whether it was taken. */
async function claimLease(tx: Tx, _: Actor, { name, holder, seen }: Claim): Promise<{ fence?: number }> {
  tx.write(addLease, { name })
  const row = await tx.get(leaseRow, { name })
  if (!row) return {}
  const { fence, beats } = row
  if (row.holder !== null && (seen?.fence !== fence || seen.beats !== beats)) return {}
  const next = fence + 1
  return (await tx.run(takeLease, { name, holder, next, fence, beats })) > 0 ? { fence: next } : {}
}

/** Its holder lives. Replies whether it still is the holder. */
const renewLease = async (tx: Tx, _: Actor, fence: Fence) => ({
  isHeld: (await tx.run(beatLease, fence)) > 0,
})

const releaseLease = async (tx: Tx, _: Actor, fence: Fence) => ({
  isHeld: (await tx.run(freeLease, fence)) > 0,
})

export const leases = {
  handlers: { claimLease, renewLease, releaseLease },
  queries: { leaseOf },
}

/** The same handlers, those of the given names kept from whoever no longer holds the lease; see `once`. */
export const fenced = (
  names: readonly string[],
  handlers: Record<string, Handler>,
): Record<string, Handler> =>
  Object.fromEntries(
    Object.entries(handlers).map(([name, handler]) => [name, names.includes(name) ? once(handler) : handler]),
  )

/**
 * A handler whose changes are kept only while its caller holds the lease. It is asked last, by a write to the lease's row:
 * from then to the commit nobody can take it. What changes nothing asks nothing, and costs no flush.
 * @throws Failure `forbidden` when the lease has gone to somebody else meanwhile
 */
function once(handler: Handler): Handler<{ fence: Fence }> {
  // Handlers are told apart by name alone; what is left without the fence is this one's own input.
  const run = handler as Handler<object>
  return async (tx, actor, { fence, ...input }) => {
    const counting = new CountingTx(tx)
    const reply = await run(counting, actor, input)
    if (counting.changes > 0 && (await tx.run(beatLease, fence)) === 0)
      throw new Failure('forbidden', { message: 'Another node does this now.' })
    return reply
  }
}
