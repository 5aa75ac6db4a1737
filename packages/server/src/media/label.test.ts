import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { labelOf } from './label.ts'
import { declaredType, type MediaType } from './media-types.ts'

function typeOf(mime: string): MediaType {
  const type = declaredType(mime, '')
  if (!type) throw new Error(mime)
  return type
}
const png = typeOf('image/png')

describe('the name of a file', () => {
  it('stays as it was where it can', () => {
    for (const name of ['a.png', 'Bild 1.PNG', 'été à la plage.png', '写真.png', '👩‍👩‍👧.png', 'a.b.c.png'])
      expect(labelOf(name, png)).toBe(name)
  })

  it('is a label without path parts', () => {
    expect(labelOf('../../etc/passwd', typeOf('text/plain'))).toBe('passwd.txt')
    expect(labelOf('C:\\Users\\ann\\cat.png', png)).toBe('cat.png')
    expect(labelOf('/cat.png/', png)).toBe('cat.png')
    for (const name of ['', '.', '..', '../', '///', '...', ' \n ', '.png'])
      expect(labelOf(name, png), name).toBe(name === '.png' ? 'png.png' : 'image.png')
  })

  it('shows all that is in it', () => {
    expect(labelOf('a\0b\r\nc\x7f.png', png)).toBe('abc.png')
    expect(labelOf('cat\u202egpj.png', png)).toBe('catgpj.png')
    expect(labelOf('cat\ud800.png', png)).toBe('cat\ufffd.png')
  })

  it('ends as its type does, so that nothing takes it for a program', () => {
    expect(labelOf('run.bat', typeOf('text/plain'))).toBe('run.bat.txt')
    expect(labelOf('cat.png.exe', png)).toBe('cat.png.exe.png')
    expect(labelOf('notes', typeOf('text/plain'))).toBe('notes.txt')
    expect(labelOf('voice', typeOf('audio/webm'))).toBe('voice.webm')
  })

  it('has at most 120 characters, its ending among them', () => {
    const label = labelOf(`${'😀'.repeat(300)}.png`, png)
    expect([...label]).toHaveLength(120)
    expect(label).toMatch(/😀\.png$/u)
  })

  it('is safe whatever was sent', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (name) => {
        const label = labelOf(name, png)
        expect([...label].length).toBeLessThanOrEqual(120)
        expect(label).toMatch(/^[^/\\\p{Cc}.][^/\\\p{Cc}]*\.png$/iu)
        expect(label.isWellFormed()).toBe(true)
      }),
    )
  })
})
