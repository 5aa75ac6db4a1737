import type { Ack, ErrorCode } from '@belfry/protocol'
import { ClientFailure } from './client-failure.ts'
import type { Clock } from './environment.ts'
import type { SocketPort } from './socket-port.ts'

/** Source: ui.md C7. */
const ACK_MS = 10_000
/** Source: ui.md §5, Connection. */
const SLOW_MS = 2_000

/** One frame on the wire, for logs and developer tools. */
export interface WireFrame {
  /** `in` from the server, `out` to it, `ack` its answer to the `out` with the same `id`. */
  direction: 'in' | 'out' | 'ack'
  id: number
  event: string
  payload: unknown
  /** Milliseconds since 1970. */
  at: number
  /** Of an `ack`: milliseconds since the `out`. */
  latencyMs?: number
}

export interface LineOptions {
  clock: Clock
  onFrame(frame: WireFrame): void
  onLatency(latencyMs: number): void
  /** An answer takes over 2 s, or one came in time again. */
  onSlow(isSlow: boolean): void
}

interface Asked {
  reject(failure: ClientFailure): void
  cancel(): void
}

/** Questions on the socket that is open now, each with an answer or a failure in the end. */
export class Line {
  readonly #options: LineOptions
  #socket: SocketPort | undefined
  #lastId = 0
  readonly #asked = new Set<Asked>()

  constructor(options: LineOptions) {
    this.#options = options
  }

  /** Takes the new socket, or none; what was asked on the old one has no answer any more. */
  use(socket: SocketPort | undefined): void {
    this.#socket = socket
    for (const { reject, cancel } of this.#asked) {
      cancel()
      reject(new ClientFailure('disconnected'))
    }
    this.#asked.clear()
  }

  /** Logs what came from the server. */
  received(event: string, payload: unknown): void {
    this.#log({ direction: 'in', id: this.#nextId(), event, payload })
  }

  /**
   * The data of the acknowledgement.
   * @throws ClientFailure the server's refusal, `timeout` after 10 s, or `disconnected`
   */
  ask(event: string, payload: unknown): Promise<unknown> {
    const socket = this.#socket
    if (!socket) return Promise.reject(new ClientFailure('disconnected'))
    const { clock, onLatency, onSlow } = this.#options
    const id = this.#nextId()
    const sentAt = clock.now()
    return new Promise((resolve, reject) => {
      const cancelSlow = clock.schedule(() => onSlow(true), SLOW_MS)
      const cancelTimeout = clock.schedule(() => {
        this.#asked.delete(asked)
        reject(new ClientFailure('timeout'))
      }, ACK_MS)
      const cancel = () => {
        cancelSlow()
        cancelTimeout()
      }
      const asked: Asked = { reject, cancel }
      this.#asked.add(asked)
      this.#log({ direction: 'out', id, event, payload })
      socket.emit(event, payload, (answer) => {
        if (!this.#asked.delete(asked)) return
        cancel()
        const latencyMs = clock.now() - sentAt
        this.#log({ direction: 'ack', id, event, payload: answer, latencyMs })
        onLatency(latencyMs)
        onSlow(latencyMs > SLOW_MS)
        settle(answer as Ack, resolve, reject)
      })
    })
  }

  #nextId(): number {
    this.#lastId += 1
    return this.#lastId
  }

  #log(frame: Omit<WireFrame, 'at'>): void {
    this.#options.onFrame({ ...frame, at: this.#options.clock.now() })
  }
}

function settle(
  answer: Ack,
  resolve: (data: unknown) => void,
  reject: (failure: ClientFailure) => void,
): void {
  if (answer.ok) {
    resolve(answer.data)
    return
  }
  const { code, ...details } = answer.error
  // A code that this version does not know is still the server's refusal.
  reject(new ClientFailure(code as ErrorCode, details))
}
