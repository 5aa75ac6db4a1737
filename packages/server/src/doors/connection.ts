import type { Socket } from 'socket.io'
import * as ws from 'ws'
import type { SharedPacket } from '../core/hearing.ts'

/** Source: reliability.md §7. */
const MAX_PACKETS = 1000
const SLOW_BYTES = 256 * 1024

/** Makes a packet whose WebSocket frame is built once, when the first socket needs it. */
export function shared(text: string): SharedPacket {
  let frame: Buffer | undefined
  return {
    text,
    get frame() {
      frame ??= framesOf([text])
      return frame
    },
  }
}

/** Engine.IO's type of packet for what Socket.IO says. */
const MESSAGE = '4'
const FINAL_TEXT = 0x81
const [TWO_BYTES, EIGHT_BYTES] = [126, 127]

/**
 * Each packet as an unmasked frame (RFC 6455, section 5.2), all in one piece: one call to the system takes it, where ws
 * makes parts of every frame.
 */
export function framesOf(packets: readonly string[]): Buffer {
  const sizes = packets.map((text) => MESSAGE.length + Buffer.byteLength(text))
  const total = sizes.reduce((sum, size) => sum + headerSize(size) + size, 0)
  const frames = Buffer.allocUnsafe(total)
  let at = 0
  for (const [index, text] of packets.entries()) {
    at = writeHeader(frames, at, sizes[index] ?? 0)
    at += frames.write(MESSAGE, at)
    at += frames.write(text, at)
  }
  return frames
}

const headerSize = (size: number): number => (size < TWO_BYTES ? 2 : size < 0x10000 ? 4 : 10)

function writeHeader(frames: Buffer, at: number, size: number): number {
  frames[at] = FINAL_TEXT
  const header = headerSize(size)
  frames[at + 1] = header === 2 ? size : header === 4 ? TWO_BYTES : EIGHT_BYTES
  if (header === 4) frames.writeUInt16BE(size, at + 2)
  else if (header === 10) frames.writeBigUInt64BE(BigInt(size), at + 2)
  return at + header
}

/** `["event", payload]` as a Socket.IO packet; `json` is the encoded payload. */
export const eventPacket = (event: string, json: string | undefined): string =>
  json === undefined ? `2[${JSON.stringify(event)}]` : `2[${JSON.stringify(event)},${json}]`

const textOf = (packet: string | SharedPacket): string => (typeof packet === 'string' ? packet : packet.text)

/** The option is engine.io's own, used by Socket.IO's adapter; its types do not name it. */
const preEncoded = (frames: Buffer[]) =>
  ({ compress: false, wsPreEncodedFrame: frames }) as { compress: boolean }

/** What all sockets of this node have not taken yet, and whom to close first when it is too much. */
export class Backlog {
  readonly maxSocketBytes: number
  readonly #maxNodeBytes: number
  readonly #onSlow: () => void
  readonly #waiting = new Set<Connection>()
  #bytes = 0

  constructor(limits: { maxSocketBytes: number; maxNodeBytes: number }, onSlow: () => void) {
    this.maxSocketBytes = limits.maxSocketBytes
    this.#maxNodeBytes = limits.maxNodeBytes
    this.#onSlow = onSlow
  }

  add(connection: Connection, bytes: number): void {
    this.#bytes += bytes
    this.#waiting.add(connection)
    if (this.#bytes > this.#maxNodeBytes) this.#endLargest()
  }

  remove(connection: Connection, bytes: number): void {
    if (this.#waiting.delete(connection)) this.#bytes -= bytes
  }

  #endLargest(): void {
    let largest: Connection | undefined
    for (const one of this.#waiting) if (one.bytes > (largest?.bytes ?? 0)) largest = one
    largest?.endAsSlow()
  }

  countSlow(): void {
    this.#onSlow()
  }
}

/**
 * Writes to one socket and watches what it has not taken. A reader that stops costs at most the limit: then the engine
 * is closed, and its cursor or list brings the client back.
 */
export class Connection {
  readonly socket: Socket
  readonly #backlog: Backlog
  #bytes = 0
  #packets = 0
  #isEnded = false

  constructor(socket: Socket, backlog: Backlog) {
    this.socket = socket
    this.#backlog = backlog
    socket.conn.on('drain', () => this.#forget())
    socket.conn.once('close', () => this.#forget())
  }

  /** Bytes written that the socket has not taken. */
  get bytes(): number {
    return this.#bytes
  }

  #forget(): void {
    this.#backlog.remove(this, this.#bytes)
    this.#bytes = 0
    this.#packets = 0
  }

  write(packet: string | SharedPacket): void {
    const text = textOf(packet)
    if (!this.#admit(text.length, 1)) return
    const { conn } = this.socket
    if (typeof packet === 'string') conn.write(text, { compress: false })
    else conn.write(text, preEncoded([packet.frame]))
  }

  /** Several packets in one go, in this order. */
  writeTogether(first: string | SharedPacket, others: readonly string[]): void {
    const { conn } = this.socket
    if (conn.transport.name !== 'websocket') {
      for (const packet of [first, ...others]) this.write(packet)
      return
    }
    const length = others.reduce((sum, { length }) => sum + length, textOf(first).length)
    if (!this.#admit(length, 1 + others.length)) return
    // Two pieces at most, which ws hands to the system together; what is shared is not copied.
    const frames =
      typeof first === 'string' ? [framesOf([first, ...others])] : [first.frame, framesOf(others)]
    // A WebSocket is given the frames and never looks at the text, of which Engine.IO wants some.
    conn.write(textOf(first), preEncoded(frames))
  }

  /** Whether the socket may be given so much more. */
  #admit(bytes: number, packets: number): boolean {
    if (this.#isEnded || this.socket.conn.readyState !== 'open') return false
    // Whoever has taken everything is not slow, however large the next packet is.
    const isWaiting = this.#packets > 0
    this.#bytes += bytes
    this.#packets += packets
    this.#backlog.add(this, bytes)
    const isOver = this.#bytes > this.#backlog.maxSocketBytes || this.#packets > MAX_PACKETS
    if (isWaiting && isOver) this.endAsSlow()
    return !this.#isEnded
  }

  /** Whether the socket has so much unread that what can be repeated is not worth sending. */
  get isSlow(): boolean {
    return this.#bytes > SLOW_BYTES
  }

  /** Whether even answers pile up, which the framework writes past this class. */
  get hasStalled(): boolean {
    const unsent: unknown = Reflect.get(this.socket.conn, 'writeBuffer')
    return Array.isArray(unsent) && unsent.length > MAX_PACKETS
  }

  endAsSlow(): void {
    this.#backlog.countSlow()
    this.end()
  }

  /** Ends the engine at once: the client sees `transport close` and comes back by itself. */
  end(): void {
    if (this.#isEnded) return
    this.#isEnded = true
    const { conn } = this.socket
    // A WebSocket would wait for its peer to read the rest; a peer that does not read must not hold memory.
    const raw: unknown = Reflect.get(conn.transport, 'socket')
    const isStuck = this.#bytes > 0
    this.#forget()
    conn.close(true)
    if (raw instanceof ws.WebSocket && isStuck) raw.terminate()
  }

  /** Like `end`, but a client that polls hears it in answer to its next request, whenever that comes. */
  endOrderly(): void {
    if (this.socket.conn.transport.name !== 'polling') return this.end()
    this.#isEnded = true
    this.socket.conn.close()
  }
}
