import type { Chat, ChatContext, Member } from '@belfry/protocol'

/** One message for one member: what a naive chat would keep a row for. */
export interface Copy {
  canRead: boolean
  /** Whether the member was in the chat when it was said. */
  isOwn: boolean
  isDelivered: boolean
  isRead: boolean
  isReadPrivately: boolean
  isNamed: boolean
  /** The notification of a mention. */
  notice: 'none' | 'unread' | 'read'
}

export interface Said {
  id: string
  seq: number
  offset: number
  clientId: string
  sender: string
  /** What the sender gave, to be repeated. */
  input: Record<string, unknown>
  type: string
  content: string
  media: object[]
  mediaIds: string[]
  mentions: string[]
  replyTo: string | undefined
  metadata: Record<string, unknown> | undefined
  isSilent: boolean
  createdAt: number
  editedAt: number | undefined
  deletedAt: number | undefined
  deletedBy: string | undefined
  reactions: { emoji: string; user: string; at: number }[]
  copies: Map<string, Copy>
}

export interface Watermark {
  read: number
  delivered: number
}

export interface Seat {
  user: string
  role: Member['role']
  access: Member['access']
  joinedAt: number
  leftAt: number | undefined
  mutedUntil: number | undefined
  lastReadAt: number | undefined
  /** What the others were told last. */
  told: Watermark
  notify: 'all' | 'mentions' | 'none'
  silencedUntil: number | 'forever' | undefined
  hiddenAt: number | undefined
  unreadFrom: number | undefined
  /** Messages up to this many were taken away. */
  taken: number
}

export interface NewChat {
  id: string
  type: Chat['type']
  creator: string
  others: string[]
  title: string | undefined
  context: ChatContext | undefined
  history: Chat['history']
  now: number
}

/** Members up to which watermarks are told at once, and how long they are gathered in larger chats. */
const AT_ONCE_MEMBERS = 10
const GATHER_MS = 1000

/** One chat, as naively as it can be kept: a copy of every message for every member. */
export class OracleChat {
  readonly id: string
  readonly type: Chat['type']
  readonly creator: string
  readonly history: Chat['history']
  readonly seats = new Map<string, Seat>()
  readonly said: Said[] = []
  context: ChatContext | undefined
  title: string | undefined
  state: Chat['state'] = 'open'
  updatedAt: number
  pins: Said[] = []
  dueAt: number | undefined

  constructor({ id, type, creator, others, title, context, history, now }: NewChat) {
    Object.assign(this, { title, context })
    this.id = id
    this.type = type
    this.creator = creator
    this.history = history
    this.updatedAt = now
    for (const user of [creator, ...others]) {
      const role = user === creator && type !== 'direct' ? 'owner' : 'member'
      this.enter(user, { role, access: 'readwrite', now })
    }
  }

  /** In the order in which a list shows them. */
  get active(): Seat[] {
    const seats = [...this.seats.values()].filter(({ leftAt }) => leftAt === undefined)
    return seats.sort((a, b) => a.joinedAt - b.joinedAt || (a.user < b.user ? -1 : 1))
  }

  isActive(user: string): boolean {
    const seat = this.seats.get(user)
    return seat !== undefined && seat.leftAt === undefined
  }

  otherOf(user: string): string | undefined {
    return this.type === 'direct' ? [...this.seats.keys()].find((one) => one !== user) : undefined
  }

  seat(user: string): Seat {
    const seat = this.seats.get(user)
    if (!seat) throw new Error(`${user} was never in ${this.id}`)
    return seat
  }

  copy(user: string, message: Said): Copy {
    const copy = message.copies.get(user)
    if (!copy) throw new Error(`${user} has no copy of ${message.seq}`)
    return copy
  }

  /** Comes in: what was said so far counts as had. */
  enter(user: string, { role, access, now }: Pick<Seat, 'role' | 'access'> & { now: number }): void {
    const before = this.seats.get(user)
    for (const message of this.said) {
      const isShown = this.history === 'all' && message.seq > (before?.taken ?? 0)
      const copy = message.copies.get(user) ?? copyOf({ canRead: isShown })
      Object.assign(copy, { isDelivered: true, isRead: true })
      message.copies.set(user, copy)
    }
    const prefs = before ?? { ...FRESH }
    this.seats.set(user, { ...prefs, user, role, access, joinedAt: now, leftAt: undefined })
    this.seat(user).unreadFrom = undefined
    this.seat(user).told = this.watermark(user)
  }

  /** Goes out, and keeps what was received. */
  leave(user: string, now: number): void {
    const over: Partial<Seat> = { leftAt: now, role: 'member', hiddenAt: undefined, unreadFrom: undefined }
    Object.assign(this.seat(user), over)
  }

  takeHistory(user: string): void {
    this.seat(user).taken = this.said.length
    for (const message of this.said) {
      const copy = message.copies.get(user)
      if (copy) Object.assign(copy, { canRead: false, isOwn: false })
    }
  }

  /** Who becomes owner when there is none: the oldest moderator, else the oldest member. */
  crown(): Seat | undefined {
    const seats = this.active
    if (seats.some(({ role }) => role === 'owner')) return undefined
    const heir = seats.find(({ role }) => role === 'moderator') ?? seats.find(({ role }) => role === 'member')
    if (heir) heir.role = 'owner'
    return heir
  }

  add(message: Said): void {
    for (const { user } of this.active) message.copies.set(user, copyOf({ canRead: true, isOwn: true }))
    for (const seat of this.seats.values()) seat.hiddenAt = undefined
    this.said.push(message)
    this.updatedAt = message.createdAt
  }

  readable(user: string): Said[] {
    return this.said.filter(({ copies }) => copies.get(user)?.canRead === true)
  }

  /** How many of the first messages the user has read, and has. */
  watermark(user: string): Watermark {
    const lacking = (has: (copy: Copy) => boolean) => {
      const first = this.said.findIndex(({ copies }) => {
        const copy = copies.get(user)
        return !copy || !has(copy)
      })
      return first === -1 ? this.said.length : first
    }
    return { read: lacking(({ isRead }) => isRead), delivered: lacking(({ isDelivered }) => isDelivered) }
  }

  /** As others may know it: an observer's stays where it was. */
  shownWatermark(user: string): Watermark {
    return this.seat(user).role === 'observer' ? this.seat(user).told : this.watermark(user)
  }

  /** A watermark has moved: whom the others are told of now. In large chats nobody, until it is due. */
  tell(now: number): string[] {
    if (this.active.length <= AT_ONCE_MEMBERS) return this.flush()
    this.dueAt ??= now + GATHER_MS
    return []
  }

  flush(): string[] {
    const moved = this.active.filter(({ user, role, told }) => {
      const { read, delivered } = this.watermark(user)
      return role !== 'observer' && (read > told.read || delivered > told.delivered)
    })
    if (moved.length > 0)
      for (const seat of this.seats.values())
        if (seat.role !== 'observer') seat.told = this.watermark(seat.user)
    return moved.map(({ user }) => user)
  }
}

const FRESH = {
  mutedUntil: undefined,
  lastReadAt: undefined,
  told: { read: 0, delivered: 0 },
  notify: 'all' as const,
  silencedUntil: undefined,
  hiddenAt: undefined,
  unreadFrom: undefined,
  taken: 0,
}

const copyOf = (given: Partial<Copy>): Copy => ({
  ...{ canRead: false, isOwn: false, isDelivered: false, isRead: false, isReadPrivately: false },
  ...{ isNamed: false, notice: 'none' as const },
  ...given,
})
