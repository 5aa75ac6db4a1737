import type { Transport } from '@belfry/client'
import type {
  Device,
  Environment,
  Hint,
  OpenSocket,
  SocketEnd,
  SocketHandlers,
  SocketRequest,
} from '@belfry/client/parts'
import { keepFor, ListPages } from '@belfry/client/parts'
import type { Ack, Entry, SyncFrame } from '@belfry/protocol'
import { FakeClock, settled } from './fake-clock.ts'
import { snapshot } from './samples.ts'

export interface Asked {
  event: string
  payload: Record<string, unknown>
  at: number
  answer(ack: Ack): Promise<void>
  ok(data?: unknown): Promise<void>
  refuse(code: string, details?: { retryAfterMs?: number }): Promise<void>
}

/** One socket as the server sees it. */
export class FakeSocket {
  readonly request: SocketRequest
  readonly asked: Asked[] = []
  isOpen = true
  readonly #handlers: SocketHandlers

  constructor(request: SocketRequest, handlers: SocketHandlers) {
    this.request = request
    this.#handlers = handlers
  }

  async accept(transport: Transport = 'websocket'): Promise<void> {
    this.#handlers.onTransport(transport)
    await settled()
  }

  async send(event: string, payload: unknown): Promise<void> {
    if (this.isOpen) this.#handlers.onFrame(event, structuredClone(payload))
    await settled()
  }

  /** Accepts the handshake and answers its cursor. */
  async welcome(frame: SyncFrame = snapshot([])): Promise<void> {
    await this.accept()
    await this.send('sync', frame)
  }

  async entries(...entries: Entry[]): Promise<void> {
    await this.send('entries', { entries })
  }

  async end(end: SocketEnd = { message: 'transport close' }): Promise<void> {
    if (this.isOpen) {
      this.isOpen = false
      this.#handlers.onEnd(end)
    }
    await settled()
  }

  all(event: string): Asked[] {
    return this.asked.filter((asked) => asked.event === event)
  }

  /** The latest question of that name. */
  last(event: string): Asked {
    const found = this.all(event).at(-1)
    if (!found) throw new Error(`not asked: ${event}; asked: ${this.asked.map((asked) => asked.event)}`)
    return found
  }
}

class FakeDevice implements Device {
  readonly id = 'device-1'
  online = true
  hidden = false
  #listener: ((hint: Hint) => void) | undefined

  isOnline(): boolean {
    return this.online
  }

  isHidden(): boolean {
    return this.hidden
  }

  watch(listener: (hint: Hint) => void): () => void {
    this.#listener = listener
    return () => {
      this.#listener = undefined
    }
  }

  get isWatched(): boolean {
    return this.#listener !== undefined
  }

  async hint(hint: Hint): Promise<void> {
    this.#listener?.(hint)
    await settled()
  }
}

/** Surroundings of a client, with a server that does what the test tells it. */
export class FakeWorld implements Environment {
  readonly clock = new FakeClock()
  readonly device = new FakeDevice()
  readonly sockets: FakeSocket[] = []
  storage: Environment['storage']
  tabs: Environment['tabs']
  #ids = 0

  random = () => 0

  loadPages: Environment['loadPages'] = async () => ({ ListPages })

  loadKeeping: Environment['loadKeeping'] = async () => ({ keepFor })

  newId = () => {
    this.#ids += 1
    return `key-${this.#ids}`
  }

  openSocket: OpenSocket = (request, handlers) => {
    const socket = new FakeSocket(request, handlers)
    this.sockets.push(socket)
    return {
      emit: (event, payload, onAck) => {
        const answer = async (ack: Ack) => {
          if (socket.isOpen) onAck(structuredClone(ack))
          await settled()
        }
        socket.asked.push({
          event,
          payload: structuredClone(payload) as Record<string, unknown>,
          at: this.clock.now(),
          answer,
          ok: (data) => answer({ ok: true, data }),
          refuse: (code, details) => answer({ ok: false, error: { code, message: code, ...details } }),
        })
      },
      close: () => {
        socket.isOpen = false
      },
    }
  }

  /** The socket that was opened last. */
  get socket(): FakeSocket {
    const socket = this.sockets.at(-1)
    if (!socket) throw new Error('no socket was opened')
    return socket
  }
}
