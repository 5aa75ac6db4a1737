import { expect, it } from 'vitest'
import * as ws from 'ws'
import { framesOf, shared } from './connection.ts'

it('builds the frame of a packet by itself, whichever copy of ws Socket.IO has', () => {
  // Final, text, unmasked, and the length. Source: RFC 6455 §5.2.
  expect([...shared('2["a"]').frame]).toEqual([0x81, 7, ...Buffer.from('42["a"]')])
})

it.each([0, 124, 125, 65_534, 65_535, 70_000])(
  'writes several frames in one piece, as ws writes them one by one, with a text of %d characters',
  (length) => {
    const texts = ['a', 'é'.repeat(3), 'x'.repeat(length)]
    const options = { fin: true, opcode: 1, mask: false, readOnly: false, rsv1: false }
    // ws exports its Sender for this use; its types do not name it.
    const { Sender } = ws as unknown as { Sender: { frame(data: Buffer, how: object): Buffer[] } }
    const single = texts.flatMap((text) => Sender.frame(Buffer.from(`4${text}`), options))
    expect(framesOf(texts).equals(Buffer.concat(single))).toBe(true)
  },
)
