import { z } from 'zod'
import { id } from '../text.ts'
import { row } from './row.ts'

/** A whole number that arrives as text. */
const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `Use a whole number from ${min} to ${max}`)
    .transform(Number)
    .pipe(z.int().min(min).max(max))

/** More than any camera or screen has. */
const MAX_PIXELS = 65_535
const DAY_MS = 86_400_000

/**
 * What may be said of an uploaded file beside its content: in the query, or as fields of a form before the file. Sizes
 * and times are what the sender says; the server decodes nothing.
 */
export const uploadFacts = z.strictObject({
  /** `file`: to be saved and not shown; else it follows from the content's type. */
  kind: z.enum(['image', 'file', 'audio', 'video']).optional(),
  name: z.string().max(1024).optional(),
  width: whole(1, MAX_PIXELS).optional(),
  height: whole(1, MAX_PIXELS).optional(),
  durationMs: whole(0, DAY_MS).optional(),
  /** This content is the small picture of a file that was uploaded before. */
  thumbOf: id.optional(),
})
export type UploadFacts = z.output<typeof uploadFacts>

/** Commands about uploaded files; the upload itself is no row: its body is the file. Source: chat-presence.md §10. */
export const mediaCommands = {
  mediaLink: row({
    summary: 'An address of a file for an hour, for where no header can be sent, such as an image.',
    effect: 'read',
    rule: 'user',
    rest: { method: 'GET', path: '/api/media/:mediaId/link' },
    socket: true,
    input: z.strictObject({ mediaId: id }),
    output: z.object({ url: z.string(), thumbUrl: z.string().optional(), expiresAt: z.iso.datetime() }),
  }),
}
