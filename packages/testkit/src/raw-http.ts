/** HTTP by hand on a TCP socket: exactly these bytes, in exactly these pieces. For what a well-behaved client cannot send. */
import { connect, type Socket } from 'node:net'
import { TimedOut } from './wait.ts'

export interface RawReply {
  /** 0 when the server closed without an answer. */
  status: number
  head: string
  body: string
  /** Whether the server closed (or reset) the connection while we listened. */
  isClosed: boolean
  afterMs: number
}

export interface RawHttpOptions {
  /** How long to listen for a close after a complete answer, or for an answer at all. */
  timeoutMs?: number
  /** Resolve at the first complete answer (default), or only when the connection is closed. */
  until?: 'answer' | 'close'
}

function parse(received: Buffer): { status: number; head: string; body: string; isComplete: boolean } {
  const text = received.toString('latin1')
  const split = text.indexOf('\r\n\r\n')
  if (split < 0) return { status: 0, head: text, body: '', isComplete: false }
  const head = text.slice(0, split)
  const body = received.subarray(split + 4).toString('utf8')
  const length = /^content-length:\s*(\d+)/im.exec(head)?.[1]
  const isChunked = /^transfer-encoding:.*chunked/im.test(head)
  const isComplete = isChunked ? body.endsWith('0\r\n\r\n') : Buffer.byteLength(body) >= Number(length ?? 0)
  return { status: Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1] ?? 0), head, body, isComplete }
}

/** Sends the bytes, then listens for the answer or for the close. Rejects with `TimedOut` when neither comes. */
export function rawHttp(
  port: number,
  bytes: string | Buffer,
  options: RawHttpOptions = {},
): Promise<RawReply> {
  const { timeoutMs = 5_000, until = 'answer' } = options
  const startedAt = performance.now()
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    const chunks: Buffer[] = []
    const finish = (isClosed: boolean) => {
      clearTimeout(timer)
      socket.destroy()
      const { status, head, body } = parse(Buffer.concat(chunks))
      resolve({ status, head, body, isClosed, afterMs: performance.now() - startedAt })
    }
    const timer = setTimeout(() => {
      socket.destroy()
      reject(new TimedOut(`neither answer nor close within ${timeoutMs} ms`))
    }, timeoutMs)
    socket.on('connect', () => socket.write(bytes))
    socket.on('data', (chunk) => {
      chunks.push(chunk)
      if (until === 'answer' && parse(Buffer.concat(chunks)).isComplete) finish(false)
    })
    socket.on('close', () => finish(true))
    // A reset is a close for our purposes; `close` follows it.
    socket.on('error', () => undefined)
  })
}

/** A request as text, with a Host header and the given extra header lines. */
export function requestText(
  port: number,
  method: string,
  path: string,
  extra: { headers?: readonly string[]; body?: string } = {},
): string {
  const lines = [`${method} ${path} HTTP/1.1`, `Host: 127.0.0.1:${port}`, ...(extra.headers ?? [])]
  if (extra.body !== undefined) lines.push(`Content-Length: ${Buffer.byteLength(extra.body)}`)
  return `${lines.join('\r\n')}\r\n\r\n${extra.body ?? ''}`
}

export interface DripOptions {
  head: string
  /** Sent one byte at a time. */
  rest: string
  everyMs: number
  limitMs: number
}

/** Sends `head` at once and `rest` byte by byte; resolves with how long the server put up with it. */
export function drip(port: number, options: DripOptions): Promise<{ status: number; closedAfterMs: number }> {
  const startedAt = performance.now()
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    const received: Buffer[] = []
    let sent = 0
    const tick = setInterval(() => {
      const byte = options.rest[sent++ % options.rest.length]
      if (socket.writable && byte !== undefined) socket.write(byte)
    }, options.everyMs)
    const limit = setTimeout(
      () => end(() => reject(new TimedOut(`still open after ${options.limitMs} ms`))),
      options.limitMs,
    )
    const end = (then: () => void) => {
      clearInterval(tick)
      clearTimeout(limit)
      socket.destroy()
      then()
    }
    socket.on('connect', () => socket.write(options.head))
    socket.on('data', (chunk) => received.push(chunk))
    socket.on('error', () => undefined)
    socket.on('close', () =>
      end(() =>
        resolve({
          status: parse(Buffer.concat(received)).status,
          closedAfterMs: performance.now() - startedAt,
        }),
      ),
    )
  })
}

/** An idle TCP connection to the server, for tests that count or hold them. */
export function hold(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(socket))
    socket.once('error', reject)
  })
}
