import type { Socket } from 'socket.io'
import WebSocket from 'ws'
import type { SharedPacket } from '../core/hearing.ts'

/** Source: reliability.md §7. */
const MAX_BYTES = 1024 * 1024
const MAX_PACKETS = 1000

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
  // ws exports its Sender for this use; its types do not name it.
  const { Sender } = WebSocket as unknown as { Sender: SenderStatic }
  const options = { readOnly: false, mask: false, rsv1: false, opcode: 1, fin: true }
  return Sender.frame(Buffer.from(`4${text}`), options)
}

/** `["event", payload]` as a Socket.IO packet; `json` is the encoded payload. */
export const eventPacket = (event: string, json: string | undefined): string =>
  json === undefined ? `2[${JSON.stringify(event)}]` : `2[${JSON.stringify(event)},${json}]`

/**
 * Writes to one socket and watches what it has not taken. A reader that stops costs at most 1 MiB: then the engine is
 * closed, and its cursor or list brings the client back.
 */
export class Connection {
  readonly socket: Socket
  readonly #onSlow: () => void
  #bytes = 0
  #packets = 0
  #isEnded = false

  constructor(socket: Socket, onSlow: () => void) {
    this.socket = socket
    this.#onSlow = onSlow
    socket.conn.on('drain', () => {
      this.#bytes = 0
      this.#packets = 0
    })
  }

  write(packet: string | SharedPacket): void {
    const { conn } = this.socket
    if (this.#isEnded || conn.readyState !== 'open') return
    const text = typeof packet === 'string' ? packet : packet.text
    this.#bytes += text.length
    this.#packets += 1
    if (this.#bytes > MAX_BYTES || this.#packets > MAX_PACKETS) {
      this.#onSlow()
      return this.end()
    }
    if (typeof packet === 'string') conn.write(text, { compress: false })
    // The option is engine.io's own, used by Socket.IO's adapter; its types do not name it.
    else conn.write(text, { compress: false, wsPreEncodedFrame: packet.frame } as { compress: boolean })
  }

  /** Whether the socket has so much unread that what can be repeated is not worth sending. */
  get isSlow(): boolean {
    return this.#bytes > 256 * 1024
  }

  /** Ends the engine at once: the client sees `transport close` and comes back by itself. */
  end(): void {
    if (this.#isEnded) return
    this.#isEnded = true
    const { conn } = this.socket
    // A WebSocket would wait for its peer to read the rest; a peer that does not read must not hold memory.
    const raw: unknown = Reflect.get(conn.transport, 'socket')
    conn.close(true)
    if (raw instanceof WebSocket && this.#bytes > 0) raw.terminate()
  }
}
