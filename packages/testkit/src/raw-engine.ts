/** Engine.IO 4 and Socket.IO 5 by hand on one WebSocket, for frames that no client library would send. */
import type { Socket } from 'node:net'
import { WebSocket } from 'ws'
import type { BelfryServer, Closable } from './belfry-server.ts'
import { TimedOut, within } from './wait.ts'

export interface RawEngineOptions {
  headers?: Record<string, string>
  query?: string
  protocols?: string[]
  perMessageDeflate?: boolean
}

export interface EngineClose {
  code: number
  /** Milliseconds since the WebSocket was open. */
  afterMs: number
}

export class HandshakeRefused extends Error {
  readonly status: number
  constructor(status: number) {
    super(`handshake refused with ${status}`)
    this.status = status
  }
}

export class RawEngine implements Closable {
  readonly ws: WebSocket
  /** Text frames as they came; binary ones as `<n bytes>`. */
  readonly frames: string[] = []
  readonly closed: Promise<EngineClose>
  /** Answers pings by itself unless a test switches it off. */
  answersPings = true
  readonly #listeners = new Set<(frame: string) => void>()

  constructor(ws: WebSocket) {
    this.ws = ws
    const openedAt = performance.now()
    this.closed = new Promise((resolve) => {
      ws.on('close', (code) => resolve({ code, afterMs: performance.now() - openedAt }))
    })
    ws.on('error', () => undefined)
    ws.on('message', (data: Buffer, isBinary) => {
      const frame = isBinary ? `<${data.length} bytes>` : data.toString('utf8')
      if (frame === '2' && this.answersPings) ws.send('3')
      this.frames.push(frame)
      for (const listener of [...this.#listeners]) listener(frame)
    })
  }

  /** Sends one WebSocket frame: text for a string, binary for bytes. */
  send(frame: string | Uint8Array): void {
    if (this.ws.readyState === WebSocket.OPEN) this.ws.send(frame)
  }

  /** Sends text frames in one TCP segment, so that the server reads them in one turn of its event loop. */
  sendTogether(...frames: string[]): void {
    // ws has no word for this; its socket has.
    const socket = Reflect.get(this.ws, '_socket') as Socket | undefined
    socket?.cork()
    for (const frame of frames) this.send(frame)
    socket?.uncork()
  }

  /** The first frame, past or coming, that fits. */
  async frame(fits: (frame: string) => boolean, timeoutMs = 3_000): Promise<string> {
    const past = this.frames.find(fits)
    if (past !== undefined) return past
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#listeners.delete(listener)
        reject(
          new TimedOut(
            `no such frame within ${timeoutMs} ms; got ${this.frames.slice(-6).join(' | ').slice(0, 400)}`,
          ),
        )
      }, timeoutMs)
      const listener = (frame: string) => {
        if (!fits(frame)) return
        clearTimeout(timer)
        this.#listeners.delete(listener)
        resolve(frame)
      }
      this.#listeners.add(listener)
    })
  }

  /** Sends a Socket.IO CONNECT with that `auth` and waits for the server's `40{…}`. */
  async join(auth?: Record<string, unknown>): Promise<void> {
    this.send(`40${auth === undefined ? '' : JSON.stringify(auth)}`)
    await this.frame((frame) => frame.startsWith('40{'))
  }

  /** Emits an event and waits for its acknowledgement's first argument. */
  async ack(id: number, name: string, ...args: unknown[]): Promise<unknown> {
    this.send(`42${id}${JSON.stringify([name, ...args])}`)
    const answer = await this.frame((frame) => frame.startsWith(`43${id}[`))
    return (JSON.parse(answer.slice(`43${id}`.length)) as unknown[])[0]
  }

  /** Throws when the server has not closed the connection in time. */
  cut(withinMs: number): Promise<EngineClose> {
    return within(withinMs, 'the server closes the connection', this.closed)
  }

  close(): void {
    this.ws.terminate()
  }
}

/** Opens a WebSocket to `/socket.io/` and waits for the engine's open packet; throws `HandshakeRefused`. */
export function openEngine(server: BelfryServer, options: RawEngineOptions = {}): Promise<RawEngine> {
  const query = options.query ?? 'EIO=4&transport=websocket'
  const ws = new WebSocket(
    `${server.url.replace('http', 'ws')}/socket.io/?${query}`,
    options.protocols ?? [],
    {
      headers: options.headers ?? {},
      perMessageDeflate: options.perMessageDeflate ?? false,
    },
  )
  return new Promise((resolve, reject) => {
    ws.once('unexpected-response', (_, response) => {
      response.resume()
      ws.terminate()
      reject(new HandshakeRefused(response.statusCode ?? 0))
    })
    ws.once('error', reject)
    ws.once('open', () => {
      ws.removeListener('error', reject)
      const engine = server.own(new RawEngine(ws))
      resolve(engine)
    })
  })
}

/** An engine whose Socket.IO CONNECT with that `auth` was accepted. */
export async function joinedEngine(
  server: BelfryServer,
  auth: Record<string, unknown>,
  options: RawEngineOptions = {},
): Promise<RawEngine> {
  const engine = await openEngine(server, options)
  await engine.frame((frame) => frame.startsWith('0'))
  await engine.join(auth)
  return engine
}
