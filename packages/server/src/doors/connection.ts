import type { Socket } from 'socket.io'
import * as ws from 'ws'
import type { SharedPacket } from '../core/hearing.ts'

/** Source: reliability.md §7. */
const MAX_PACKETS = 1000
const SLOW_BYTES = 256 * 1024

/** Makes a packet whose WebSocket frame is built once, when the first socket needs it. */
export function shared(text: string): SharedPacket {
  let frame: Buffer[] | undefined
  return {
    text,
    get frame() {
      frame ??= frameOf(text)
      return frame
    },
  }
}

interface SenderStatic {
  frame(data: Buffer, options: object): Buffer[]
}

function frameOf(text: string): Buffer[] {
  // ws exports its Sender for this use; its types do not name it. As a property of its main export it is there only after
  // somebody has required the same copy, as Socket.IO does in this repository and in no other install.
  const { Sender } = ws as unknown as { Sender: SenderStatic }
  const options = { readOnly: false, mask: false, rsv1: false, opcode: 1, fin: true }
  return Sender.frame(Buffer.from(`4${text}`), options)
}

/** `["event", payload]` as a Socket.IO packet; `json` is the encoded payload. */
export const eventPacket = (event: string, json: string | undefined): string =>
  json === undefined ? `2[${JSON.stringify(event)}]` : `2[${JSON.stringify(event)},${json}]`

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
    const { conn } = this.socket
    if (this.#isEnded || conn.readyState !== 'open') return
    const text = typeof packet === 'string' ? packet : packet.text
    // Whoever has taken everything is not slow, however large the next packet is.
    const isWaiting = this.#packets > 0
    this.#bytes += text.length
    this.#packets += 1
    this.#backlog.add(this, text.length)
    const isOver = this.#bytes > this.#backlog.maxSocketBytes || this.#packets > MAX_PACKETS
    if (isWaiting && isOver) return this.endAsSlow()
    if (this.#isEnded) return
    if (typeof packet === 'string') conn.write(text, { compress: false })
    // The option is engine.io's own, used by Socket.IO's adapter; its types do not name it.
    else conn.write(text, { compress: false, wsPreEncodedFrame: packet.frame } as { compress: boolean })
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
