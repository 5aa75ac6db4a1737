import { expect, it } from 'vitest'
import { createFrameSplitter, frameLength } from './websocket-frames.ts'

function frame(payload: number): Buffer {
  if (payload < 126) return Buffer.concat([Buffer.from([0x81, payload]), Buffer.alloc(payload, 'x')])
  const header = Buffer.alloc(4)
  header.writeUInt8(0x81, 0)
  header.writeUInt8(126, 1)
  header.writeUInt16BE(payload, 2)
  return Buffer.concat([header, Buffer.alloc(payload, 'x')])
}
const HEAD = Buffer.from('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n')

it('knows the length of a frame, and that an incomplete one has none yet', () => {
  expect(frameLength(frame(5))).toBe(7)
  expect(frameLength(frame(300))).toBe(304)
  expect(frameLength(frame(300).subarray(0, 303))).toBe(0)
  expect(frameLength(Buffer.alloc(1))).toBe(0)
})

it('splits a stream at packets, however it arrives', () => {
  const frames = [frame(3), frame(200), frame(0), frame(125)]
  const stream = Buffer.concat([HEAD, ...frames])
  for (const size of [1, 7, 60, stream.length]) {
    const split = createFrameSplitter()
    const pieces: Buffer[] = []
    for (let at = 0; at < stream.length; at += size) pieces.push(...split(stream.subarray(at, at + size)))
    expect(pieces.map((piece) => piece.length)).toEqual([HEAD.length, ...frames.map(({ length }) => length)])
    expect(Buffer.concat(pieces).equals(stream)).toBe(true)
  }
})

it('gives back a plain answer whole', () => {
  const split = createFrameSplitter()
  const answer = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
  expect(Buffer.concat(split(answer)).equals(answer)).toBe(true)
  expect(split(Buffer.from('more'))).toHaveLength(1)
})
