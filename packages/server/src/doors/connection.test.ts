import { expect, it } from 'vitest'
// Nothing else here: Socket.IO loads ws in a way that would hide what an install without our overrides lacks.
import { shared } from './connection.ts'

it('builds the frame of a packet by itself, whichever copy of ws Socket.IO has', () => {
  const { frame = [] } = shared('2["a"]')
  const [header = Buffer.alloc(0), body = Buffer.alloc(0)] = frame
  // Final, text, unmasked, and the length. Source: RFC 6455 §5.2.
  expect([...header]).toEqual([0x81, 7])
  expect(body.toString()).toBe('42["a"]')
})
