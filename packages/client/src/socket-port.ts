export type Transport = 'websocket' | 'polling'

/** Why a connection ended or did not come about. */
export interface SocketEnd {
  /** Code of the server's refusal, such as `unauthorized`; absent when the line broke. */
  code?: string
  message: string
  retryAfterMs?: number
}

export interface SocketRequest {
  url: string
  path: string
  /** The first one opens; a later one is changed to where both sides can. */
  transports: readonly Transport[]
  auth: Record<string, unknown>
  timeoutMs: number
}

export interface SocketHandlers {
  /** What carries the frames, told when the handshake was accepted and whenever it changes. */
  onTransport(transport: Transport): void
  onFrame(event: string, payload: unknown): void
  onEnd(end: SocketEnd): void
}

/**
 * One attempt at a connection; it never retries by itself.
 *
 * Promises: frames come in the order sent, none before the handshake was accepted. What is emitted arrives in order or,
 * when the line breaks, not at all, and then `onAck` is never called. `onEnd` is called at most once, and nothing is
 * called after it or after `close`. No handler is called before `OpenSocket` has returned.
 */
export interface SocketPort {
  emit(event: string, payload: unknown, onAck: (answer: unknown) => void): void
  close(): void
}

export type OpenSocket = (request: SocketRequest, handlers: SocketHandlers) => SocketPort
