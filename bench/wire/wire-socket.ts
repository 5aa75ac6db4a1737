import { connect, type Socket } from 'node:net'
import { encodeFrame, encodeText, FrameReader, Opcode } from './frames.ts'

/**
 * One client's connection, as data, because it is sent to the load generator's process.
 * `connectPacket` is the Socket.IO packet `40{…}` with the handshake's auth; `null` speaks bare WebSocket (nchan).
 * `readyOn`: `upgrade` once it is a WebSocket, `connect` after Socket.IO's connect packet, `sync` after Belfry's `sync` event.
 */
export interface SocketSpec {
  readonly path: string
  readonly connectPacket: string | null
  readonly readyOn: 'upgrade' | 'connect' | 'sync'
  readonly localAddress: string
  /** Remember how far this client has read, to come back from there. Costs a JSON.parse for each packet. */
  readonly keepsCursor: boolean
  /** Tells the server how far it has read, a second after something came, as clients do; needs `keepsCursor`. */
  readonly acknowledges?: boolean
  /** Sent as soon as it is ready. */
  readonly greeting?: string
  /** Where to, when it is not where the others are. */
  readonly port?: number
}

export interface WireSocketListener {
  ready(socket: WireSocket): void
  /** An event packet (`42[…]`), an acknowledgement (`43…[…]`) or, on a bare WebSocket, any text. */
  event(socket: WireSocket, text: string): void
  closed(socket: WireSocket, reason: string): void
}

// All sockets read into one buffer: its content is handled before the callback returns.
const sharedBuffer = Buffer.allocUnsafe(256 * 1024)
const HEADERS_END = '\r\n\r\n'
const PONG_FRAME = encodeText('3')

/**
 * ```
 * connecting ──101──► upgraded ──0{…}──► opened ──40{…}──► connected ──42["sync"…──► synced      any ──► closed
 * ```
 * Engine.IO 4 and Socket.IO 5 over a bare TCP socket: no parsing of JSON, no event emitter per message.
 */
export class WireSocket {
  readonly index: number
  readonly spec: SocketSpec
  readonly #listener: WireSocketListener
  readonly #reader = new FrameReader()
  readonly #tcp: Socket
  #head: string | null = ''
  #isReady = false
  #isClosed = false

  constructor(index: number, port: number, spec: SocketSpec, listener: WireSocketListener) {
    this.index = index
    this.spec = spec
    this.#listener = listener
    this.#tcp = connect({
      host: '127.0.0.1',
      port,
      localAddress: spec.localAddress,
      noDelay: true,
      onread: { buffer: sharedBuffer, callback: (length) => this.#read(length) },
    })
    this.#tcp.once('connect', () => this.#tcp.write(upgradeRequest(port, spec.path)))
    this.#tcp.once('error', (error) => this.#end(error.message))
    this.#tcp.once('close', () => this.#end('the server closed the connection'))
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** Stops reading from the kernel, as a suspended laptop or a hung tab does. */
  stall(): void {
    this.#tcp.pause()
  }

  send(packet: string): void {
    this.#tcp.write(encodeText(packet))
  }

  resume(): void {
    this.#tcp.resume()
  }

  /** Hangs up without a word, as a lost network does. */
  destroy(): void {
    this.#isClosed = true
    this.#tcp.destroy()
  }

  #read(length: number): boolean {
    try {
      if (this.#head === null) this.#frames(sharedBuffer, length)
      else this.#upgrade(this.#head + sharedBuffer.toString('latin1', 0, length))
    } catch (error) {
      this.#end(String(error))
      this.#tcp.destroy()
    }
    return true
  }

  #upgrade(received: string): void {
    this.#head = received
    const at = received.indexOf(HEADERS_END)
    if (at < 0) return
    if (!received.startsWith('HTTP/1.1 101')) throw new Error(received.slice(0, 300))
    this.#head = null
    if (this.spec.readyOn === 'upgrade') this.#becomeReady()
    const rest = Buffer.from(received.slice(at + HEADERS_END.length), 'latin1')
    if (rest.length > 0) this.#frames(rest, rest.length)
  }

  #frames(chunk: Buffer, length: number): void {
    this.#reader.push(chunk, length, (opcode, payload, start, end) => {
      if (opcode === Opcode.text) this.#text(payload.toString('latin1', start, end))
      else if (opcode === Opcode.ping) this.#tcp.write(encodeFrame(Opcode.pong, payload.subarray(start, end)))
      else if (opcode === Opcode.close) this.#end('the server sent a close frame')
    })
  }

  #text(text: string): void {
    const { connectPacket, readyOn } = this.spec
    if (connectPacket === null || text.startsWith('42') || text.startsWith('43')) {
      this.#listener.event(this, text)
      if (readyOn === 'sync' && text.startsWith('42["sync"')) this.#becomeReady()
    } else if (text === '2') this.#tcp.write(PONG_FRAME)
    else if (text.startsWith('0')) this.#tcp.write(encodeText(connectPacket))
    else if (text.startsWith('40')) {
      if (readyOn === 'connect') this.#becomeReady()
    } else throw new Error(`the server said ${text.slice(0, 200)}`)
  }

  #becomeReady(): void {
    if (this.#isReady) return
    this.#isReady = true
    if (this.spec.greeting !== undefined) this.send(this.spec.greeting)
    this.#listener.ready(this)
  }

  #end(reason: string): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#listener.closed(this, reason)
  }
}

const upgradeRequest = (port: number, path: string): string =>
  [
    `GET ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: YmVsZnJ5LWJlbmNobWFyaw==',
    '',
    '',
  ].join('\r\n')
