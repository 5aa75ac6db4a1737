/**
 * One user's connections as a state. "Crowd" is what the set of connections looks like after a change: somebody is
 * active, everybody is idle, or nobody is there.
 *
 *             active                      nobody active for 5 min
 *   offline ─────────► online ──idle──► idling ───────────────────► away
 *      ▲  ▲              ▲ ▲ │ empty      │ empty                   │ empty
 *      │  │              │ └─┼── active ──┼──────── active ─────────┤
 *      │  │       active │   ▼            ▼                         ▼
 *      │  └──grace over── leaving ◄───────┘     ┌─grace over── leavingAway
 *      └────────────────────────────────────────┘
 *
 * Who comes back while leaving goes on where he was: an idle one who was away is away. Who comes from offline with
 * nothing but idle connections is away at once: no one has been seen there.
 */
export type PeerState = 'offline' | 'online' | 'idling' | 'away' | 'leaving' | 'leavingAway'
export type Crowd = 'active' | 'idle' | 'empty'
export type PeerEvent = Crowd | 'idledLong' | 'graceOver'

/** All states and all events; where an event means nothing, the state stays. */
export const peerTransitions: Record<PeerState, Record<PeerEvent, PeerState>> = {
  offline: { active: 'online', idle: 'away', empty: 'offline', idledLong: 'offline', graceOver: 'offline' },
  online: { active: 'online', idle: 'idling', empty: 'leaving', idledLong: 'online', graceOver: 'online' },
  idling: { active: 'online', idle: 'idling', empty: 'leaving', idledLong: 'away', graceOver: 'idling' },
  away: { active: 'online', idle: 'away', empty: 'leavingAway', idledLong: 'away', graceOver: 'away' },
  leaving: {
    active: 'online',
    idle: 'idling',
    empty: 'leaving',
    idledLong: 'leavingAway',
    graceOver: 'offline',
  },
  leavingAway: {
    active: 'online',
    idle: 'away',
    empty: 'leavingAway',
    idledLong: 'leavingAway',
    graceOver: 'offline',
  },
}

/** What the connections alone say; a user may wish to be shown otherwise. */
const plainStatus: Record<PeerState, 'online' | 'away' | 'offline'> = {
  offline: 'offline',
  online: 'online',
  idling: 'online',
  away: 'away',
  leaving: 'online',
  leavingAway: 'away',
}

/** How a user wants to be shown; without `status`, as the connections say. */
export interface Wish {
  status: 'away' | 'dnd' | 'invisible' | null
  text: string | null
  /** When the wish ends, in milliseconds since 1970; null: when it is taken back. */
  until: number | null
}

export const NO_WISH: Wish = { status: null, text: null, until: null }

export const isInForce = ({ until }: Wish, now: number): boolean => until === null || until > now

/** What others see, apart from times. */
export interface Shown {
  status: 'online' | 'away' | 'dnd' | 'offline'
  text: string | null
}

export const HIDDEN: Shown = { status: 'offline', text: null }

/** What a state and a wish make together: nobody is shown who is not there, or does not want to be. */
export function shownAs(state: PeerState, wish: Wish): Shown {
  const status = plainStatus[state]
  if (status === 'offline' || wish.status === 'invisible') return HIDDEN
  return { status: wish.status ?? status, text: wish.text }
}

/** A connection as it comes; without `node`, to this one. */
export interface Entering {
  id: string
  user: string
  isIdle: boolean | undefined
  node?: string
}

/** One open connection of a user, on whatever node. */
export interface PeerConnection {
  readonly id: string
  readonly user: string
  /** Where it is open. */
  readonly node: string
  isIdle: boolean
  /** The chat in front of the user on this device. */
  focus: string | null
}

/** What the store keeps of a user. */
export interface Durable {
  wish: Wish
  lastActive: number | null
}

/** A user as others may see it. */
export interface Sight extends Shown {
  /** Milliseconds since 1970; null: never seen. */
  lastActive: number | null
  version: number
}

/** One user, with everything that is known here. */
export interface Peer {
  readonly user: string
  state: PeerState
  readonly connections: Map<string, PeerConnection>
  /** Undefined until the store was asked: nothing is shown before, or an invisible one would be seen for a moment. */
  wish: Wish | undefined
  /** Offset of the newest wish that is known of, whether or not it is known what it says; 0: of none. */
  wishAt: number
  /** Whether the store is being asked, and the wish that was heard since then. */
  isAsked: boolean
  newerWish: Wish | undefined
  /** Where the last connection was that went. */
  lastNode: string | undefined
  /** When somebody was active last, as far as others may know. */
  seenAt: number | null
  /** What the store knows of that. */
  notedAt: number
  shown: Shown
  version: number
}

export function crowdOf({ connections }: Peer): Crowd {
  if (connections.size === 0) return 'empty'
  for (const { isIdle } of connections.values()) if (!isIdle) return 'active'
  return 'idle'
}

export const isLeaving = (state: PeerState) => state === 'leaving' || state === 'leavingAway'
export const latest = (a: number | null, b: number | null) =>
  a === null || b === null ? (a ?? b) : Math.max(a, b)
