/** An unmodified Socket.IO client (4.8.4, or 3.1.3) whose every event is recorded with its time, and can be awaited. */
import { createRequire } from 'node:module'
import { io as io4, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client'
import type { BelfryServer } from './belfry-server.ts'
import { TimedOut } from './wait.ts'

export type Transport = 'polling' | 'websocket'

export interface Recorded {
  name: string
  args: unknown[]
  /** `performance.now()` when it arrived. */
  at: number
}

/** contract.md §7: the acknowledgement of every client event. */
export interface Ack {
  ok: boolean
  data?: Record<string, unknown>
  error?: { code: string; message: string; retryAfterMs?: number }
}

export interface Refusal extends Error {
  data?: { code?: string }
}

export interface ConnectOptions {
  transports?: Transport[]
  /** Which release of socket.io-client: 4 (default) or 3. */
  client?: 3 | 4
  /** Through a proxy instead of straight to the server. */
  url?: string
  headers?: Record<string, string>
  /** `false`: what is emitted before `connect` waits, as in the seeds. Default `true`. */
  reconnection?: boolean
  autoConnect?: boolean
  /**
   * How long one attempt may take. The client itself says 20 s, and needs it: when a line is cut between the WebSocket's
   * opening and the engine's first packet, it hears nothing and waits for this.
   */
  timeoutMs?: number
}

export interface SocketRecorder {
  readonly socket: Socket
  readonly events: readonly Recorded[]
  /** `connect`, `disconnect`, `connect_error` with their arguments. */
  readonly lifecycle: readonly Recorded[]
  /** The first recorded or coming event of that name whose first argument fits. */
  event<T = unknown>(name: string, fits?: (first: T) => boolean, timeoutMs?: number): Promise<T>
  /** The first arguments of all events of that name so far, in order. */
  all<T = unknown>(name: string): T[]
  /** The lifecycle event of that name with an index of at least `from`. */
  turn(name: 'connect' | 'disconnect' | 'connect_error', from?: number, timeoutMs?: number): Promise<Recorded>
  connected(timeoutMs?: number): Promise<SocketRecorder>
  refused(timeoutMs?: number): Promise<Refusal>
  emit(name: string, ...args: unknown[]): void
  ack(name: string, ...args: unknown[]): Promise<Ack>
  close(): void
}

type Connector = (url: string, options: Partial<ManagerOptions & SocketOptions>) => Socket

function connector(release: 3 | 4): Connector {
  if (release === 4) return io4
  // 3.1.3 publishes no types that its `exports` reach; the parts used here are the same in both releases.
  return createRequire(import.meta.url)('socket.io-client-3').io as Connector
}

interface Waiter {
  source: 'events' | 'lifecycle'
  matches: (recorded: Recorded) => boolean
  resolve: (recorded: Recorded) => void
}

class Recorder implements SocketRecorder {
  readonly socket: Socket
  readonly events: Recorded[] = []
  readonly lifecycle: Recorded[] = []
  readonly #waiters = new Set<Waiter>()

  constructor(socket: Socket) {
    this.socket = socket
    socket.onAny((name: string, ...args: unknown[]) => this.#record('events', name, args))
    for (const name of ['connect', 'disconnect', 'connect_error'] as const) {
      socket.on(name, (...args: unknown[]) => this.#record('lifecycle', name, args))
    }
  }

  #record(source: Waiter['source'], name: string, args: unknown[]): void {
    const recorded = { name, args, at: performance.now() }
    this[source].push(recorded)
    for (const waiter of this.#waiters) {
      if (waiter.source === source && waiter.matches(recorded)) {
        this.#waiters.delete(waiter)
        waiter.resolve(recorded)
      }
    }
  }

  #await(what: string, timeoutMs: number, waiter: Omit<Waiter, 'resolve'>): Promise<Recorded> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiters.delete(full)
        reject(new TimedOut(`not within ${timeoutMs} ms: ${what}; got ${this.#summary()}`))
      }, timeoutMs)
      const full: Waiter = {
        ...waiter,
        resolve: (recorded) => {
          clearTimeout(timer)
          resolve(recorded)
        },
      }
      this.#waiters.add(full)
    })
  }

  #summary(): string {
    const names = [...this.lifecycle, ...this.events].sort((a, b) => a.at - b.at)
    return names
      .slice(-12)
      .map(({ name, args }) => `${name}(${String(JSON.stringify(args[0]) ?? args[0]).slice(0, 120)})`)
      .join(', ')
  }

  async event<T>(name: string, fits: (first: T) => boolean = () => true, timeoutMs = 3_000): Promise<T> {
    const matches = (recorded: Recorded) => recorded.name === name && fits(recorded.args[0] as T)
    const past = this.events.find(matches)
    const found = past ?? (await this.#await(`event ${name}`, timeoutMs, { source: 'events', matches }))
    return found.args[0] as T
  }

  all<T>(name: string): T[] {
    return this.events.filter((recorded) => recorded.name === name).map((recorded) => recorded.args[0] as T)
  }

  async turn(
    name: 'connect' | 'disconnect' | 'connect_error',
    from = 0,
    timeoutMs = 5_000,
  ): Promise<Recorded> {
    const matches = (recorded: Recorded) => recorded.name === name && this.lifecycle.indexOf(recorded) >= from
    const past = this.lifecycle.find(matches)
    return past ?? this.#await(name, timeoutMs, { source: 'lifecycle', matches })
  }

  async connected(timeoutMs = 5_000): Promise<SocketRecorder> {
    await this.turn('connect', 0, timeoutMs)
    return this
  }

  async refused(timeoutMs = 5_000): Promise<Refusal> {
    return (await this.turn('connect_error', 0, timeoutMs)).args[0] as Refusal
  }

  emit(name: string, ...args: unknown[]): void {
    this.socket.emit(name, ...args)
  }

  ack(name: string, ...args: unknown[]): Promise<Ack> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new TimedOut(`no acknowledgement of ${name} within 5 s`)), 5_000)
      this.socket.emit(name, ...args, (answer: Ack) => {
        clearTimeout(timer)
        resolve(answer)
      })
    })
  }

  close(): void {
    this.socket.disconnect()
    this.socket.io.removeAllListeners()
  }
}

/** Opens a socket with the given handshake `auth`; does not wait. It is closed with the server's other clients. */
export function connect(
  server: BelfryServer,
  auth: Record<string, unknown> | undefined,
  options: ConnectOptions = {},
): SocketRecorder {
  const socket = connector(options.client ?? 4)(options.url ?? server.url, {
    forceNew: true,
    reconnection: options.reconnection ?? true,
    // Short, so that a test with an outage does not wait for the client's own default of 1 to 5 s.
    reconnectionDelay: 50,
    reconnectionDelayMax: 300,
    timeout: options.timeoutMs ?? 5_000,
    autoConnect: options.autoConnect ?? true,
    ...(auth === undefined ? {} : { auth }),
    ...(options.transports === undefined ? {} : { transports: options.transports }),
    ...(options.headers === undefined ? {} : { extraHeaders: options.headers }),
  })
  return server.own(new Recorder(socket))
}

/** Opens a socket and waits until it is connected. */
export function connected(
  server: BelfryServer,
  auth: Record<string, unknown> | undefined,
  options: ConnectOptions = {},
): Promise<SocketRecorder> {
  return connect(server, auth, options).connected()
}
