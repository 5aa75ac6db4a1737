/** Finds where WebSocket frames end in the bytes that a server sends, so that a proxy can cut exactly there. */

/** Length of the first frame (RFC 6455 §5.2) in `bytes`, or 0 when it is not complete. Server frames are not masked. */
export function frameLength(bytes: Buffer): number {
  if (bytes.length < 2) return 0
  const short = bytes.readUInt8(1) & 0x7f
  const isMasked = (bytes.readUInt8(1) & 0x80) !== 0
  let header = 2
  let payload = short
  if (short === 126) {
    if (bytes.length < 4) return 0
    header = 4
    payload = bytes.readUInt16BE(2)
  } else if (short === 127) {
    if (bytes.length < 10) return 0
    header = 10
    payload = Number(bytes.readBigUInt64BE(2))
  }
  const total = header + (isMasked ? 4 : 0) + payload
  return bytes.length >= total ? total : 0
}

/**
 * Splits a server's stream into pieces that end where a packet ends: the HTTP head, then every WebSocket frame.
 * A stream that is not a WebSocket is given back chunk by chunk.
 */
export function createFrameSplitter(): (chunk: Buffer) => Buffer[] {
  let state: 'head' | 'frames' | 'plain' = 'head'
  let rest = Buffer.alloc(0)
  const takeFrames = (pieces: Buffer[]) => {
    for (let length = frameLength(rest); length > 0; length = frameLength(rest)) {
      pieces.push(rest.subarray(0, length))
      rest = rest.subarray(length)
    }
  }
  return (chunk) => {
    if (state === 'plain') return [chunk]
    rest = Buffer.concat([rest, chunk])
    const pieces: Buffer[] = []
    if (state === 'head') {
      const end = rest.indexOf('\r\n\r\n')
      if (end < 0) return []
      const isUpgrade = rest.subarray(0, 12).toString('latin1') === 'HTTP/1.1 101'
      state = isUpgrade ? 'frames' : 'plain'
      const head = isUpgrade ? rest.subarray(0, end + 4) : rest
      pieces.push(head)
      rest = rest.subarray(head.length)
    }
    if (state === 'frames') takeFrames(pieces)
    return pieces
  }
}
