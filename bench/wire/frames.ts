// WebSocket frames (RFC 6455) by hand: a client library would cost more per frame than the server under test.

const EMPTY = Buffer.alloc(0)
const MASKED = 0x80
const FINAL = 0x80

export const Opcode = Object.freeze({ text: 1, binary: 2, close: 8, ping: 9, pong: 10 })

/** A whole client frame. The mask is zero: valid on the wire, and the payload need not be rewritten. */
export const encodeFrame = (opcode: number, payload: Buffer): Buffer => {
  const length = payload.length
  const extended = length < 126 ? 0 : length < 65_536 ? 2 : 8
  const frame = Buffer.alloc(2 + extended + 4 + length)
  frame[0] = FINAL | opcode
  frame[1] = MASKED | (extended === 0 ? length : extended === 2 ? 126 : 127)
  if (extended === 2) frame.writeUInt16BE(length, 2)
  if (extended === 8) frame.writeBigUInt64BE(BigInt(length), 2)
  payload.copy(frame, 2 + extended + 4)
  return frame
}

export const encodeText = (text: string): Buffer => encodeFrame(Opcode.text, Buffer.from(text))

/** `payload` is only valid during the call: bytes from `start` up to `end` of a buffer that is used again. */
export type FrameListener = (opcode: number, payload: Buffer, start: number, end: number) => void

interface Header {
  readonly bodyAt: number
  readonly end: number
}

const readHeader = (data: Buffer, at: number, end: number): Header | null => {
  if (end - at < 2) return null
  const first = data.readUInt8(at)
  const short = data.readUInt8(at + 1)
  if ((first & FINAL) === 0)
    throw new Error('the server fragmented a message; the load generator does not expect that')
  if ((short & MASKED) !== 0) throw new Error('the server masked a frame')
  if (short < 126) return { bodyAt: at + 2, end: at + 2 + short }
  if (short === 126) return end - at < 4 ? null : { bodyAt: at + 4, end: at + 4 + data.readUInt16BE(at + 2) }
  return end - at < 10 ? null : { bodyAt: at + 10, end: at + 10 + Number(data.readBigUInt64BE(at + 2)) }
}

/** Cuts a byte stream into frames; what is incomplete waits for the next chunk. */
export class FrameReader {
  #rest = EMPTY

  push(chunk: Buffer, length: number, onFrame: FrameListener): void {
    const isContinued = this.#rest.length > 0
    const data = isContinued ? Buffer.concat([this.#rest, chunk.subarray(0, length)]) : chunk
    const end = isContinued ? data.length : length
    this.#rest = EMPTY
    let at = 0
    for (let header = readHeader(data, at, end); header !== null && header.end <= end; ) {
      onFrame(data.readUInt8(at) & 0x0f, data, header.bodyAt, header.end)
      at = header.end
      header = readHeader(data, at, end)
    }
    if (at < end) this.#rest = Buffer.from(data.subarray(at, end))
  }
}
