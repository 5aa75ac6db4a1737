import { id } from '@belfry/protocol'
import { z } from 'zod'

/** A connection as its node tells of it. */
const lease = z.strictObject({
  id: z.string().min(1).max(64),
  user: id,
  isIdle: z.boolean(),
  focus: id.nullable(),
  /** Offset of the user's newest wish that its node knows of; 0: of none. What is wished, the store says. */
  wish: z.int().min(0),
})
export type Lease = z.output<typeof lease>

/** More than one message holds is told in several. With the longest ids, so many are below 256 KiB. */
export const LEASES_PER_MESSAGE = 500

/** Far beyond any time of day, and far from where numbers lose their last digit. */
const MAX_VERSION = 2 ** 52
const sender = {
  node: z.string().min(1).max(64),
  boot: z.int().min(0),
  /** Highest version that it has told anybody; see `Peers.version`. */
  version: z.int().min(0).max(MAX_VERSION),
}
/** Number of the sender's last change that the message knows of. */
const seq = z.int().min(0)
const leases = z.array(lease).max(LEASES_PER_MESSAGE)

/** What nodes tell each other. Any of it may be lost, repeated or late; a neighbour of the bus may make it up. */
export const leaseMessage = z.discriminatedUnion('kind', [
  /** A node has come and knows nothing. */
  z.strictObject({ kind: z.literal('hello'), ...sender }),
  /** Its change number `seq`. */
  z.strictObject({
    kind: z.literal('change'),
    ...sender,
    seq,
    put: leases,
    gone: z.array(z.string().min(1).max(64)).max(LEASES_PER_MESSAGE),
  }),
  /** It lives, and this is what its leases add up to. */
  z.strictObject({
    kind: z.literal('beat'),
    ...sender,
    seq,
    count: z.int().min(0),
    digest: z.int().min(0),
  }),
  /** It lacks something of node `of`. */
  z.strictObject({ kind: z.literal('ask'), ...sender, of: z.string().min(1).max(64) }),
  /** All its leases, in `parts` messages. */
  z.strictObject({
    kind: z.literal('state'),
    ...sender,
    seq,
    part: z.int().min(0),
    parts: z.int().min(1).max(1000),
    leases,
  }),
  /** It goes, and all its leases with it. */
  z.strictObject({ kind: z.literal('bye'), ...sender }),
])
export type LeaseMessage = z.output<typeof leaseMessage>
export type LeaseMessageOf<K extends LeaseMessage['kind']> = Extract<LeaseMessage, { kind: K }>
