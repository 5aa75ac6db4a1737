import {
  type Ack,
  type CommandName,
  type Cursor,
  commands,
  cursor,
  Failure,
  isCommandName,
  isShallow,
} from '@belfry/protocol'
import type { Socket } from 'socket.io'
import { z } from 'zod'
import type { Actor } from '../core/actor.ts'
import type { LiveConnection } from '../core/context.ts'
import type { Identity } from '../core/identity.ts'
import { Connection, eventPacket } from './connection.ts'
import type { DialectSocket } from './dialects/event.ts'
import { dialectEvents } from './dialects/events.ts'
import { DialectListener } from './dialects/listener.ts'
import { toFailure } from './failure.ts'
import { liveSocket } from './live-socket.ts'
import { NativeListener } from './native.ts'
import type { SocketDoorOptions } from './socket.ts'
import { withTimeout } from './timeout.ts'

/** Sources: security.md §10, reliability.md §11. */
const MAX_REFUSED = 500
const REFUSED_WINDOW_MS = 10_000
const MAX_UNKNOWN = 10
/** Events that may wait for their turn: they are read faster than they are handled, and each costs memory. */
const MAX_WAITING = 1000
const EXPIRY_NOTICE_MS = 60_000
const EXPIRY_GRACE_MS = 25_000

const nativeInputs = {
  sync: z.strictObject({ cursor: cursor.optional() }),
  ack: z.strictObject({ cursor }),
  refreshAuth: z.strictObject({ token: z.string().min(1).max(8192) }),
}

interface Accepted {
  identity: Identity
  /** Whether it follows a cursor. */
  isNative: boolean
  /** What it says of itself: that nobody sits before it. */
  isIdle: boolean | undefined
}

/** One accepted socket: its identity, what it hears, and its events in the order sent. */
export class Session implements DialectSocket {
  readonly #socket: Socket
  readonly #options: SocketDoorOptions
  readonly #connection: Connection
  readonly #isIdle: boolean | undefined
  #identity: Identity
  #native: NativeListener | undefined
  #dialect: DialectListener | undefined
  #tail: Promise<void> = Promise.resolve()
  #waiting = 0
  #unknown = 0
  #refused = 0
  #refusedSince = 0
  #isWarned = false

  constructor(socket: Socket, { identity, isNative, isIdle }: Accepted, options: SocketDoorOptions) {
    this.#socket = socket
    this.#identity = identity
    // Seeds' clients never say that nobody sits before them.
    this.#isIdle = isNative ? isIdle : false
    this.#options = options
    this.#connection = new Connection(socket, options.backlog)
    this.live = liveSocket(socket, this.#connection, isNative)
    // Handled here and never passed on: nothing listens to what a client names, so nothing of it can throw.
    socket.use((packet) => this.#receive(packet))
    socket.conn.once('close', () => this.#leave())
  }

  get user(): string | undefined {
    const { actor } = this.#identity
    return actor.kind === 'user' ? actor.id : undefined
  }

  get actor(): Actor {
    return this.#identity.actor
  }

  readonly live: LiveConnection

  /** Before the client is told that it is connected: from then on it must miss nothing. */
  async prepare(): Promise<void> {
    if (!this.live.isNative && this.user !== undefined) await this.#hear(true)
  }

  /** First thing in the queue, so that events sent back to back wait for it. */
  start(first: Cursor | undefined): void {
    this.#dialect?.release()
    this.#enqueue(async () => {
      if (this.live.isNative) await this.#startNative(first)
      // A session that ended between the handshake and here was not yet among those that are told.
      await this.#options.recheck(this.actor)
      this.#enter()
    })
  }

  /** From now on the user is there. */
  #enter(): void {
    if (this.user !== undefined) this.#options.onEntered(this.user, this.live, this.#isIdle)
  }

  async #startNative(first: Cursor | undefined): Promise<void> {
    const { user } = this
    if (user === undefined) return this.end('unauthorized')
    const { hub, readSync, onHanded } = this.#options
    this.#native = new NativeListener({
      user,
      hub,
      connection: this.#connection,
      readSync: (from) => readSync(user, from),
      onApplied: (offsets) => {
        for (const [topic, upTo] of Object.entries(offsets)) onHanded({ user, topic, after: 0, upTo })
      },
    })
    const frame = await this.#native.sync(first)
    this.#connection.write(eventPacket('sync', JSON.stringify(frame)))
    if (!this.#socket.connected) this.#leave()
  }

  async #hear(isHandshake: boolean): Promise<void> {
    const { user } = this
    if (user === undefined || this.#dialect) return
    const { hub, readHearing, onHanded, freshItem, openChats } = this.#options
    const dialect = new DialectListener({
      user,
      hub,
      connection: this.#connection,
      freshItem,
      hasJoined: (chatId) => openChats.isOpen(chatId, this.live.id),
      onHanded: (handed) => onHanded({ user, ...handed }),
    })
    dialect.told.handshake = isHandshake
    const hearing = await readHearing(user)
    this.#dialect = dialect
    dialect.attach(hearing)
    if (this.#socket.conn.readyState !== 'open') this.#leave()
  }

  #leave(): void {
    const { user } = this
    if (user === undefined) return
    if (this.#native) this.#options.hub.remove(user, this.#native)
    if (this.#dialect) this.#options.hub.remove(user, this.#dialect)
  }

  #enqueue(work: () => Promise<void>): void {
    this.#tail = this.#tail.then(work).catch((error) => {
      toFailure(error, this.#options.log)
      this.end('internal')
    })
  }

  #receive(packet: unknown[]): void {
    // What stood behind a disconnect in the same segment is no longer asked by anybody.
    if (!this.#socket.connected) return
    if (this.#connection.hasStalled) return this.#connection.endAsSlow()
    const [name, ...args] = packet
    const last = args.at(-1)
    const ack = typeof last === 'function' ? (last as (answer: Ack) => void) : undefined
    if (ack) args.pop()
    const refused = this.#options.limit(this.#socket.id, this.user)
    if (refused > 0) return this.#refuse(new Failure('rate_limited', { retryAfterMs: refused }), ack)
    if (this.#waiting >= MAX_WAITING)
      return this.#refuse(new Failure('rate_limited', { retryAfterMs: 1000 }), ack)
    this.#waiting += 1
    this.#enqueue(async () => {
      this.#waiting -= 1
      try {
        if (typeof name !== 'string' || args.length > 1 || !isShallow(args[0], 16, 256)) {
          this.#countUnknown()
          throw new Failure('validation_failed')
        }
        const data = await withTimeout(name, this.#handle(name, args[0]))
        ack?.({ ok: true, ...(data === undefined ? {} : { data }) })
      } catch (error) {
        this.#refuse(toFailure(error, this.#options.log), ack)
      }
    })
  }

  async #handle(name: string, input: unknown): Promise<unknown> {
    if (this.#native && Object.hasOwn(nativeInputs, name)) return this.#handleNative(name, input)
    const dialect = this.#native ? undefined : dialectEvents.get(name)
    if (dialect) return dialect.run(this, parse(dialect.input, input) as never)
    if (isCommandName(name) && commands[name].socket) return this.execute(name, input ?? {})
    this.#countUnknown()
    throw new Failure('validation_failed', { message: 'Unknown event.' })
  }

  async #handleNative(name: string, input: unknown): Promise<unknown> {
    if (name === 'sync') return this.#native?.sync(parse(nativeInputs.sync, input ?? {}).cursor)
    if (name === 'refreshAuth') return this.#refreshAuth(parse(nativeInputs.refreshAuth, input).token)
    const applied = parse(nativeInputs.ack, input).cursor
    const isKnown = applied.epoch === this.#options.epoch
    return { behind: isKnown ? (this.#native?.applied(applied.offsets) ?? true) : true }
  }

  async #refreshAuth(token: string): Promise<void> {
    const identity = await this.#options.identify({ token })
    if (identity.actor.kind !== 'user' || identity.actor.id !== this.user) throw new Failure('forbidden')
    this.#identity = identity
    this.#isWarned = false
  }

  #countUnknown(): void {
    this.#unknown += 1
    if (this.#unknown >= MAX_UNKNOWN) setImmediate(() => this.end('unknown events'))
  }

  #refuse(failure: Failure, ack: ((answer: Ack) => void) | undefined): void {
    const { code, message, field, retryAfterMs } = failure.toShape()
    ack?.({
      ok: false,
      error: { code, message, ...(field ? { field } : {}), ...(retryAfterMs ? { retryAfterMs } : {}) },
    })
    const now = this.#options.clock()
    if (now - this.#refusedSince > REFUSED_WINDOW_MS) {
      this.#refusedSince = now
      this.#refused = 0
    }
    this.#refused += 1
    if (this.#refused > MAX_REFUSED) this.end('refused events')
  }

  /** Called every few seconds: warns before the token ends, and ends the socket after the grace. */
  checkExpiry(now: number): void {
    const { expiresAtMs } = this.#identity
    if (expiresAtMs === undefined) return
    if (now > expiresAtMs + EXPIRY_GRACE_MS) return this.end('token expired')
    if (this.#isWarned || now < expiresAtMs - EXPIRY_NOTICE_MS) return
    this.#isWarned = true
    if (this.#native) this.emit('auth:expiring', { inMs: Math.max(0, expiresAtMs - now) })
  }

  async bind(user: string): Promise<void> {
    this.#identity = await this.#options.nameUser(user)
    await this.#hear(false)
    this.#dialect?.release()
    this.#enter()
  }

  hearPeople(): void {
    if (!this.#dialect || this.user === undefined) return
    this.#dialect.told.present = true
    this.#options.onFollowing(this.user, this.live)
  }

  handedMessages(topic: string, upTo: number): void {
    const { user } = this
    if (user !== undefined) this.#options.onHanded({ user, topic, after: 0, upTo, only: 'messages' })
  }

  async catchUp(event: 'send_notification' | 'new-notification'): Promise<void> {
    const { user } = this
    const dialect = this.#dialect
    if (user === undefined || !dialect) throw new Failure('unauthorized')
    const { catchUps, readPending } = this.#options
    // Tabs that come back together: what the first is handed must not be pending any more when the next one asks.
    await catchUps.run(user, () => dialect.catchUp(event, () => readPending(user)))
  }

  async execute(name: CommandName, input: unknown): Promise<unknown> {
    if (this.#options.isDraining()) throw new Failure('unavailable', { retryAfterMs: 1000 })
    const actor = await this.#options.recheck(this.actor)
    const { address } = this.#socket.handshake
    return this.#options.execute(name, actor, input, { address, connection: this.live })
  }

  emit(event: string, payload: unknown): void {
    this.#connection.write(eventPacket(event, JSON.stringify(payload)))
  }

  /** Tells a native client when to come back; seeds' clients come back by their own rule. */
  emitDrain(retryInMs: number): void {
    if (this.#native) this.emit('drain', { retryInMs })
  }

  endOrderly(): void {
    this.#connection.endOrderly()
  }

  end(reason: string): void {
    this.#options.log.debug({ reason, user: this.user }, 'socket ended')
    this.#connection.end()
  }
}

function parse<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const result = schema.safeParse(input)
  if (!result.success) throw new Failure('validation_failed')
  return result.data
}
