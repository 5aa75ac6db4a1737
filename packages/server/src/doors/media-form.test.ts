import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { Failure } from '@belfry/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type FormPart, readForm } from './media-form.ts'

const BOUNDARY = 'the-boundary'
const TYPE = `multipart/form-data; boundary=${BOUNDARY}`

interface Part {
  name: string
  content: string
  file?: string
}
const formOf = (...parts: Part[]) =>
  Buffer.from(
    `${parts
      .map(({ name, content, file }) => {
        const named = file === undefined ? '' : `; filename="${file}"`
        const type = file === undefined ? '' : '\r\nContent-Type: image/png'
        return `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${named}${type}\r\n\r\n${content}\r\n`
      })
      .join('')}--${BOUNDARY}--\r\n`,
  )

/** A request as the door sees it: headers, and bytes in these pieces. */
function requestOf(pieces: Iterable<Buffer>, contentType = TYPE): IncomingMessage {
  // All that the reader uses of a request.
  return Object.assign(Readable.from(pieces), { headers: { 'content-type': contentType } }) as IncomingMessage
}

function cut(form: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...new Set(places.map((place) => place % form.length)), form.length].sort((a, b) => a - b)
  return ends.map((end, at) => form.subarray(ends[at - 1] ?? 0, end)).filter((piece) => piece.length > 0)
}

async function read(request: IncomingMessage) {
  const seen: { file?: string; thumbnail?: string; fields?: Record<string, string>; running: number } = {
    running: 0,
  }
  const reader =
    (name: 'file' | 'thumbnail') =>
    async ({ body }: FormPart, fields?: Record<string, string>) => {
      seen.running += 1
      try {
        seen[name] = String(await buffer(body))
        if (fields) seen.fields = fields
      } finally {
        seen.running -= 1
      }
    }
  const outcome = await readForm(request, { onFile: reader('file'), onThumbnail: reader('thumbnail') }).then(
    () => 'read',
    (error) => (error instanceof Failure || !(error instanceof TypeError) ? 'refused' : 'defect'),
  )
  return { outcome, ...seen }
}

const whole: Part[] = [
  { name: 'kind', content: 'file' },
  { name: 'file', content: `text\r\n--${BOUNDARY.slice(0, -1)} and more`.repeat(50), file: 'a.png' },
  { name: 'thumbnail', content: 'small', file: 'b.png' },
]
const places = fc.array(fc.nat({ max: 10_000 }), { maxLength: 30 })

describe('a form', () => {
  it('is read the same in whatever pieces it comes', async () => {
    const form = formOf(...whole)
    await fc.assert(
      fc.asyncProperty(places, async (at) => {
        expect(await read(requestOf(cut(form, at)))).toEqual({
          ...{
            outcome: 'read',
            file: whole[1]?.content,
            thumbnail: 'small',
            fields: { kind: 'file' },
            running: 0,
          },
        })
      }),
      { numRuns: 60 },
    )
  })

  it('that ends early is refused, and no reader runs on', async () => {
    const form = formOf(...whole)
    // Without its last boundary; the two hyphens and the line end after that are no part of it.
    const last = form.length - 4
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: last - 1 }), places, async (end, at) => {
        const { outcome, running } = await read(requestOf(end === 0 ? [] : cut(form.subarray(0, end), at)))
        expect({ outcome, running }).toEqual({ outcome: 'refused', running: 0 })
      }),
      { numRuns: 150 },
    )
  })

  it('of any bytes is read or refused, and never a defect', async () => {
    const piece = fc.oneof(
      fc.constantFrom(
        `--${BOUNDARY}`,
        `--${BOUNDARY}--`,
        '\r\n',
        '\r\n\r\n',
        'Content-Disposition: form-data',
      ),
      fc.constantFrom('; name="file"', '; filename="a"', 'Content-Type: ', '; name="__proto__"', '\0', '='),
      fc.string({ unit: 'binary', maxLength: 20 }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 30 }), places, async (pieces, at) => {
        const form = Buffer.from(pieces.join('') || ' ')
        const { outcome, running } = await read(requestOf(cut(form, at)))
        expect(['read', 'refused']).toContain(outcome)
        expect(running).toBe(0)
      }),
      { numRuns: 200 },
    )
  })

  it('ends when its reader does, and not when the rest has come', async () => {
    async function* endless() {
      yield formOf(...whole).subarray(0, 400)
      await new Promise(() => {})
    }
    const request = Object.assign(Readable.from(endless()), { headers: { 'content-type': TYPE } })
    const onFile = async () => {
      throw new Failure('media_rejected')
    }
    // As above.
    const reading = readForm(request as unknown as IncomingMessage, { onFile, onThumbnail: onFile })
    await expect(reading).rejects.toMatchObject({ code: 'media_rejected' })
  })
})
