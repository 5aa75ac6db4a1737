import { connect, type Socket } from 'node:net'

const sharedBuffer = Buffer.allocUnsafe(64 * 1024)
/** A server that refuses connections must not be hammered by the generator. */
const REOPEN_AFTER_MS = 10
const HEADERS_END = '\r\n\r\n'
const CONTENT_LENGTH = /\r\ncontent-length: *(\d+)/i

/** A prepared HTTP request, cut where the mark goes; `after` is `null` when it carries no mark. */
export interface PreparedRequest {
  readonly before: string
  readonly after: string | null
}

/** `status` is 0 when the connection broke before the answer. */
export type ResponseListener = (publisher: Publisher, status: number) => void

/** One keep-alive HTTP/1.1 connection with one request in flight. Answers are only measured, not read: status and length. */
export class Publisher {
  /** Sequence number of the request in flight; −1 when there is none. */
  sequence = -1
  readonly #port: number
  readonly #onResponse: ResponseListener
  #tcp: Socket
  #head = ''
  #status = 0
  #bodyLeft = -1
  #isClosed = false

  constructor(port: number, onResponse: ResponseListener) {
    this.#port = port
    this.#onResponse = onResponse
    this.#tcp = this.#open()
  }

  send(sequence: number, text: string): void {
    this.sequence = sequence
    this.#tcp.write(text, 'latin1')
  }

  close(): void {
    this.#isClosed = true
    this.#tcp.destroy()
  }

  #open(): Socket {
    const tcp = connect({
      host: '127.0.0.1',
      port: this.#port,
      noDelay: true,
      onread: { buffer: sharedBuffer, callback: (length) => this.#read(length) },
    })
    // An error is followed by a close.
    tcp.on('error', () => {})
    tcp.once('close', () => this.#broken())
    return tcp
  }

  #read(length: number): boolean {
    if (this.#bodyLeft >= 0) this.#body(length)
    else this.#headers(this.#head + sharedBuffer.toString('latin1', 0, length))
    return true
  }

  #headers(received: string): void {
    const at = received.indexOf(HEADERS_END)
    if (at < 0) {
      this.#head = received
      return
    }
    const contentLength = CONTENT_LENGTH.exec(received)?.[1]
    if (contentLength === undefined)
      throw new Error(`an answer without Content-Length: ${received.slice(0, 300)}`)
    this.#head = ''
    this.#status = Number(received.slice(9, 12))
    this.#bodyLeft = Number(contentLength)
    this.#body(received.length - at - HEADERS_END.length)
  }

  #body(length: number): void {
    this.#bodyLeft -= length
    if (this.#bodyLeft > 0) return
    this.#bodyLeft = -1
    this.#onResponse(this, this.#status)
  }

  /** Servers close connections that were idle for some seconds: that is no failure, and a client opens another. */
  #broken(): void {
    if (this.#isClosed) return
    this.#head = ''
    this.#bodyLeft = -1
    setTimeout(() => {
      if (this.#isClosed) return
      this.#tcp = this.#open()
      if (this.sequence >= 0) this.#onResponse(this, 0)
    }, REOPEN_AFTER_MS)
  }
}
