import type { Item } from '@belfry/protocol'
import { Changes } from './changes.ts'
import { ClientFailure } from './client-failure.ts'
import type { ClientOptions } from './client-options.ts'
import type { ClientState } from './client-state.ts'
import { Commands } from './commands.ts'
import { Connection, type TokenReason } from './connection.ts'
import type { Environment } from './environment.ts'
import { Follower } from './follower.ts'
import type { Applied } from './inbox.ts'
import { Line, type WireFrame } from './line.ts'
import { Listeners } from './listeners.ts'
import { Lists } from './lists.ts'
import { Model } from './model.ts'
import { Outbox } from './outbox.ts'
import { sendChange } from './queued-change.ts'
import { Session, subjectOf } from './session.ts'

/** Equal to the package's; a test compares. */
const VERSION = '0.1.0'

/** Puts the parts together and holds what is in none of them. */
export class Client {
  readonly changed = new Listeners<void>()
  readonly items = new Listeners<Item>()
  readonly frames = new Listeners<WireFrame>()
  readonly signedOut = new Listeners<void>()
  readonly applied = new Listeners<Applied>()
  readonly connection: Connection
  readonly follower: Follower
  readonly commands: Commands
  readonly outbox: Outbox
  readonly changes: Changes
  readonly lists: Lists
  readonly environment: Environment
  readonly options: ClientOptions
  readonly session: Session
  /** Of a part that knows more of it than whether the page is hidden. */
  isIdle = false
  readonly #line: Line
  readonly #model: Model
  #state: ClientState | undefined
  #latencyMs: number | undefined
  #clockOffsetMs = 0
  #error: ClientFailure | undefined
  #isClosed = false
  #unwatch = (): void => undefined

  constructor(environment: Environment, options: ClientOptions) {
    this.environment = environment
    this.options = options
    const { clock, newId } = environment
    this.#model = new Model({
      onChange: () => {
        // Only what the server has told may be kept, and that has a cursor.
        if (this.#model.inbox.cursor) this.session.copy?.keep(this.#model.inbox)
        this.lists.look()
        this.#notify()
      },
      onApplied: (applied) => {
        if (applied.isSnapshot) this.lists.refresh()
        else this.lists.hear(applied.entries)
        this.applied.tell(applied)
      },
      onReset: () => this.lists.reset(),
      onItem: (item) => this.items.tell(item),
    })
    this.#line = new Line({
      clock,
      onFrame: (frame) => this.frames.tell(frame),
      onLatency: (ms) => {
        this.#latencyMs = ms
        this.#notify()
      },
      onSlow: (isSlow) => this.connection.setSlow(isSlow),
    })
    this.session = new Session({
      environment,
      url: options.url,
      isCached: options.cache !== 'none',
      model: this.#model,
      outbox: () => this.outbox,
      onSignedOut: () => {
        this.#empty()
        void this.session.clear()
        this.signedOut.tell()
      },
    })
    this.connection = this.#createConnection()
    this.follower = this.#createFollower()
    this.commands = new Commands({
      clock,
      newId,
      ask: this.ask,
      isReady: () => this.connection.isReady,
      refusal: () => this.refusal(),
    })
    this.lists = new Lists({
      model: this.#model,
      commands: this.commands,
      loadPages: () => environment.loadPages(),
    })
    this.outbox = this.#createOutbox()
    this.changes = new Changes({ model: this.#model, outbox: this.outbox, now: this.now, newId })
  }

  /** Server time, ISO 8601. */
  now = (): string => new Date(this.environment.clock.now() + this.#clockOffsetMs).toISOString()

  /** One try, on the socket that is open now. */
  ask = (event: string, payload: unknown): Promise<unknown> => this.#line.ask(event, payload)

  get state(): ClientState {
    this.#state ??= this.#readState()
    return this.#state
  }

  connect(): void {
    const { device } = this.environment
    this.#unwatch()
    this.#unwatch = device.watch((hint) => {
      this.connection.hint(hint)
      if (hint === 'hidden') this.session.copy?.flush()
      else if (hint !== 'networkDown') this.follower.check()
    })
    this.session.open()
    this.connection.start()
  }

  disconnect(): void {
    this.#unwatch()
    this.session.copy?.flush()
    this.connection.pause()
  }

  close(): void {
    this.#isClosed = true
    this.#unwatch()
    this.connection.stop()
    this.session.copy?.flush()
    this.session.end()
    const failure = new ClientFailure('closed')
    this.outbox.forget(failure)
    this.commands.rejectAll(failure)
  }

  async signOut(): Promise<void> {
    this.session.tellSignedOut()
    this.#empty()
    await this.session.clear()
  }

  #empty(): void {
    this.session.forget()
    this.close()
    this.#model.reset()
  }

  refusal(): ClientFailure | undefined {
    if (this.#isClosed) return new ClientFailure('closed')
    return this.connection.status === 'unauthorized' ? new ClientFailure('unauthorized') : undefined
  }

  #createOutbox(): Outbox {
    return new Outbox({
      model: this.#model,
      now: this.now,
      isReady: () => this.connection.isReady,
      refusal: () => this.refusal(),
      // What was to be away until a time that has passed is simply back.
      send: async (change) =>
        change.until && change.until < this.now() ? undefined : sendChange(this.commands, change),
      onSave: (changes) => void this.session.queue?.save(changes),
      onHeld: () => this.#notify(),
      onDecided: (error) => {
        this.#fail(error)
        // Without an entry it has changed nothing, which only a look at the heads can tell.
        if (!error) this.follower.check()
      },
    })
  }

  #createConnection(): Connection {
    const { url, path = '/socket.io/', transports = ['websocket', 'polling'] } = this.options
    return new Connection({
      environment: this.environment,
      request: { url, path, transports },
      auth: (reason) => this.#auth(reason),
      onSocket: (socket) => {
        this.#line.use(socket)
        if (socket) this.follower.attach()
        else this.follower.detach()
      },
      onFrame: (event, payload) => this.#receive(event, payload),
      onChange: () => {
        const { status } = this.connection
        if (status === 'unauthorized') {
          const failure = new ClientFailure('unauthorized')
          this.outbox.pause(failure)
          this.commands.rejectAll(failure)
        }
        this.#notify()
      },
    })
  }

  #createFollower(): Follower {
    return new Follower({
      model: this.#model,
      clock: this.environment.clock,
      ask: this.ask,
      onLive: () => {
        this.connection.ready()
        this.commands.release()
        this.outbox.resume()
      },
      onCursor: (cursor) => this.session.confirm(cursor),
      onDead: (message) => this.connection.lost(message),
      onClockOffset: (offsetMs) => {
        this.#clockOffsetMs = offsetMs
      },
    })
  }

  async #auth(reason: TokenReason): Promise<Record<string, unknown> | undefined> {
    const { getToken, userId } = this.options
    const token = await getToken(reason)
    if (!token && userId === undefined) return undefined
    this.session.claim(userId ?? subjectOf(token ?? ''))
    this.#notify()
    const { cursor } = this.#model.inbox
    const { device } = this.environment
    return {
      client: { name: 'belfry-client', version: VERSION },
      deviceId: device.id,
      idle: device.isHidden() || this.isIdle,
      ...(token ? { token } : {}),
      ...(userId === undefined ? {} : { userId }),
      ...(cursor ? { cursor } : {}),
    }
  }

  #receive(event: string, payload: unknown): void {
    this.#line.received(event, payload)
    if (event === 'drain') this.connection.drain((payload as { retryInMs: number }).retryInMs)
    else if (event === 'auth:expiring') void this.#refreshAuth()
    else this.follower.receive(event, payload)
  }

  /** When it fails the server ends the connection, and the next attempt asks for a token again. */
  async #refreshAuth(): Promise<void> {
    try {
      const token = await this.options.getToken('expiring')
      if (token) await this.#line.ask('refreshAuth', { token })
    } catch (error) {
      this.#fail(error)
    }
  }

  #fail(error: unknown): void {
    const failure = error instanceof ClientFailure ? error : undefined
    if (failure === this.#error) return
    this.#error = failure
    this.#notify()
  }

  #notify(): void {
    this.#state = undefined
    this.changed.tell()
  }

  #readState(): ClientState {
    const { inbox, view } = this.#model
    // Only a cache brings items without a cursor.
    const isStale = inbox.cursor === undefined && inbox.list.items.length > 0
    const { status, transport, failures, failure: lineError, nextRetryAt } = this.connection
    return {
      status,
      transport,
      failures,
      lineError,
      nextRetryAt,
      latencyMs: this.#latencyMs,
      isReady: inbox.cursor !== undefined || isStale,
      isStale,
      items: view.items,
      counts: view.counts,
      error: this.#error,
      oldChanges: this.outbox.held.length,
      clockOffsetMs: this.#clockOffsetMs,
      others: inbox.others,
    }
  }
}
