import { type ClientCode, ClientFailure } from './client-failure.ts'
import { type ConnStatus, type LineEvent, type LineState, nextState, statusOf } from './connection-states.ts'
import type { Environment, Hint } from './environment.ts'
import type { SocketEnd, SocketPort, SocketRequest, Transport } from './socket-port.ts'

/** Source: ui.md C3. */
const FIRST_RETRY_MS = 500
const LAST_RETRY_MS = 30_000
/** socket.io-client's own: a line cut between the WebSocket's opening and its first packet is noticed by nothing else. */
const ATTEMPT_MS = 20_000
/** A connection that ends sooner counts as a failed attempt, so that a server that drops us at once gets rest. */
const SETTLED_MS = 5_000

/** Why a token is asked for: the first or a later attempt, after a refusal, or because it ends soon. */
export type TokenReason = 'connect' | 'refused' | 'expiring'

export interface ConnectionOptions {
  environment: Environment
  request: Pick<SocketRequest, 'url' | 'path' | 'transports'>
  /** Handshake of the next attempt; undefined when nobody is signed in. */
  auth(reason: TokenReason): Promise<Record<string, unknown> | undefined>
  onSocket(socket: SocketPort | undefined): void
  onFrame(event: string, payload: unknown): void
  onChange(): void
}

/** Milliseconds to wait after so many failures; `random` takes off up to half, so that clients do not come all at once. */
export function retryDelay(failures: number, random: number): number {
  const full = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (failures - 1))
  return Math.round(full * (1 - random / 2))
}

/** Keeps one socket open, for ever: what happens is drawn in connection-states.ts. */
export class Connection {
  readonly #options: ConnectionOptions
  #state: LineState = 'idle'
  #socket: SocketPort | undefined
  #transport: Transport | undefined
  /** Failures since the last connection that lasted. */
  #failures = 0
  /** Grows with each attempt: whatever an older one still says is not heard. */
  #turn = 0
  #nextRetryAt: number | undefined
  #readyAt: number | undefined
  #hasBeenRefused = false
  /** Why the last attempt failed or the last connection ended; undefined once there is one. */
  #failure: ClientFailure | undefined
  #isSlow = false
  /** Begins with the last way instead of the first, because that could not be opened. */
  #isOtherWayRound = false
  #cancelRetry = (): void => undefined
  #cancelDeadline = (): void => undefined

  constructor(options: ConnectionOptions) {
    this.#options = options
  }

  get status(): ConnStatus {
    return statusOf(this.#state)
  }

  get isReady(): boolean {
    return this.#state === 'online' || this.#state === 'degraded'
  }

  get transport(): Transport | undefined {
    return this.#transport
  }

  /** How many attempts have failed since the last connection that lasted. */
  get failures(): number {
    return this.#failures
  }

  get failure(): ClientFailure | undefined {
    return this.#failure
  }

  get nextRetryAt(): number | undefined {
    return this.#nextRetryAt
  }

  start(): void {
    if (this.#state !== 'idle' && this.#state !== 'paused' && this.#state !== 'unauthorized') return
    this.#failures = 0
    this.#hasBeenRefused = false
    this.#move('start')
    this.#try('connect')
  }

  pause(): void {
    this.#failure = undefined
    this.#abandon()
    this.#move('pause')
  }

  stop(): void {
    this.#abandon()
    this.#move('stop')
  }

  /** The client has caught up: from now on this is a live connection. */
  ready(): void {
    this.#cancelDeadline()
    this.#hasBeenRefused = false
    this.#failure = undefined
    this.#readyAt = this.#options.environment.clock.now()
    this.#move('ready')
    this.#judgeSpeed()
  }

  /** The line looks dead, though nobody has closed it. */
  lost(message: string): void {
    if (this.#socket) this.#ended({ message })
  }

  setSlow(isSlow: boolean): void {
    this.#isSlow = isSlow
    this.#judgeSpeed()
  }

  /** The server is going away and has told when to come back. */
  drain(retryInMs: number): void {
    this.#failures = 0
    this.#retryIn(retryInMs)
  }

  hint(hint: Hint): void {
    if (hint === 'networkUp' || hint === 'networkDown') this.#move(hint)
    const isWaiting = this.#nextRetryAt !== undefined && !this.#socket
    if (isWaiting && (hint === 'networkUp' || hint === 'shown')) this.#try('connect')
  }

  /** Tries now, instead of waiting or of going on with an attempt that hangs. */
  retry(): void {
    if (nextState(this.#state, 'ready') === this.#state) return
    if (this.#socket && !this.#transport) this.#isOtherWayRound = !this.#isOtherWayRound
    this.#try('connect')
  }

  #judgeSpeed(): void {
    this.#move(this.#isSlow || this.#transport === 'polling' ? 'slow' : 'fast')
  }

  #move(event: LineEvent): void {
    const state = nextState(this.#state, event)
    if (state === this.#state) return
    this.#state = state
    this.#options.onChange()
  }

  /** Drops socket, attempt and timers, whatever is under way. */
  #abandon(): void {
    this.#turn += 1
    this.#cancelRetry()
    this.#cancelDeadline()
    this.#nextRetryAt = undefined
    this.#readyAt = undefined
    this.#transport = undefined
    this.#isSlow = false
    const socket = this.#socket
    this.#socket = undefined
    socket?.close()
    if (socket) this.#options.onSocket(undefined)
  }

  #try(reason: TokenReason): void {
    this.#abandon()
    const turn = this.#turn
    const ended = (end: SocketEnd) => {
      if (turn === this.#turn) this.#ended(end)
    }
    const { clock } = this.#options.environment
    this.#cancelDeadline = clock.schedule(() => ended({ message: 'timeout' }), ATTEMPT_MS)
    this.#options.onChange()
    this.#options.auth(reason).then(
      (auth) => {
        if (turn !== this.#turn) return
        if (auth) this.#open(auth, ended)
        else this.#giveUp()
      },
      (error: unknown) => ended({ message: error instanceof Error ? error.message : 'no token' }),
    )
  }

  #open(auth: Record<string, unknown>, onEnd: (end: SocketEnd) => void): void {
    const { environment, request, onFrame, onSocket } = this.#options
    const turn = this.#turn
    const transports = this.#isOtherWayRound ? request.transports.toReversed() : request.transports
    this.#socket = environment.openSocket(
      { ...request, transports, auth, timeoutMs: ATTEMPT_MS },
      {
        onTransport: (transport) => {
          if (turn !== this.#turn) return
          const isNew = this.#transport === undefined
          this.#transport = transport
          if (transport === request.transports[0]) this.#isOtherWayRound = false
          if (isNew) onSocket(this.#socket)
          this.#judgeSpeed()
        },
        onFrame: (event, payload) => {
          if (turn === this.#turn) onFrame(event, payload)
        },
        onEnd,
      },
    )
  }

  #ended(end: SocketEnd): void {
    // A code that this version does not know is still the server's refusal.
    this.#failure = new ClientFailure((end.code ?? 'disconnected') as ClientCode, { message: end.message })
    if (end.code === 'unauthorized') this.#refused()
    else this.#failed(end)
  }

  /** Once more with a token that is asked for anew. */
  #refused(): void {
    if (this.#hasBeenRefused) {
      this.#giveUp()
      return
    }
    this.#hasBeenRefused = true
    this.#try('refused')
  }

  #failed({ code, retryAfterMs = 0 }: SocketEnd): void {
    if (this.#socket && !this.#transport && code === undefined) this.#isOtherWayRound = !this.#isOtherWayRound
    const { clock, device, random } = this.#options.environment
    const livedMs = this.#readyAt === undefined ? 0 : clock.now() - this.#readyAt
    const drainAt = this.#nextRetryAt
    this.#abandon()
    this.#failures = livedMs >= SETTLED_MS ? 1 : this.#failures + 1
    this.#move('failed')
    if (!device.isOnline()) this.#move('networkDown')
    const delayMs = Math.max(retryDelay(this.#failures, random()), retryAfterMs)
    this.#retryIn(drainAt === undefined ? delayMs : drainAt - clock.now())
  }

  #giveUp(): void {
    this.#abandon()
    this.#move('refused')
  }

  #retryIn(delayMs: number): void {
    const { clock } = this.#options.environment
    const waitMs = Math.max(0, delayMs)
    this.#cancelRetry()
    this.#nextRetryAt = clock.now() + waitMs
    this.#cancelRetry = clock.schedule(() => this.#come(), waitMs)
    this.#options.onChange()
  }

  /** The wait is over. After a drain that left the old socket open, it is given up for a new one. */
  #come(): void {
    if (this.#socket) this.#move('failed')
    this.#try('connect')
  }
}
