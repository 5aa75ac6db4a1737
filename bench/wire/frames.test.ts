import { expect, test } from 'vitest'
import { FrameReader, Opcode } from './frames.ts'
import { forEachMark, formatMark, MARK_PLACEHOLDER } from './mark.ts'

const serverFrame = (text: string): Buffer => {
  const body = Buffer.from(text)
  if (body.length < 126) return Buffer.concat([Buffer.from([0x81, body.length]), body])
  const head = Buffer.from([0x81, 126, 0, 0])
  head.writeUInt16BE(body.length, 2)
  return Buffer.concat([head, body])
}

test.each([1, 2, 3, 7, 1_000])('frames are found however the stream is cut (%i bytes)', (size) => {
  const texts = ['a', '', 'x'.repeat(125), 'y'.repeat(126), 'z'.repeat(5_000)]
  const stream = Buffer.concat(texts.map(serverFrame))
  const reader = new FrameReader()
  const found: string[] = []
  for (let at = 0; at < stream.length; at += size) {
    const chunk = stream.subarray(at, at + size)
    reader.push(chunk, chunk.length, (opcode, payload, start, end) => {
      expect(opcode).toBe(Opcode.text)
      found.push(payload.toString('utf8', start, end))
    })
  }
  expect(found).toEqual(texts)
})

test('a mark is as long as its placeholder and is found again, several in one text', () => {
  expect(formatMark(42)).toHaveLength(MARK_PLACEHOLDER.length)
  const found: number[] = []
  forEachMark(`[{"message":"${formatMark(1)}x"},{"message":"${formatMark(98_765_432)}"}]`, (mark) =>
    found.push(mark),
  )
  expect(found).toEqual([1, 98_765_432])
})
