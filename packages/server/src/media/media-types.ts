import type { Media } from '@belfry/protocol'
import type { Format } from './sniff.ts'

export type MediaKind = Media['kind']

/** A type of file that is taken. */
export interface MediaType {
  readonly mime: string
  /** What it is sent as, unless the sender says `file`. */
  readonly kind: MediaKind
  readonly format: Format
  /** Endings that a file of this type may be offered under; the first is added where none fits. */
  readonly endings: readonly [string, ...string[]]
}

const type = (
  mime: string,
  kind: MediaKind,
  format: Format,
  ...endings: [string, ...string[]]
): MediaType => ({
  mime,
  kind,
  format,
  endings,
})
const OOXML = 'application/vnd.openxmlformats-officedocument'
const ODF = 'application/vnd.oasis.opendocument'

/** Source: chat-presence.md §10. What is not in this list is not taken. */
const types: readonly MediaType[] = [
  type('image/jpeg', 'image', 'jpeg', 'jpg', 'jpeg', 'jfif'),
  type('image/png', 'image', 'png', 'png'),
  type('image/gif', 'image', 'gif', 'gif'),
  type('image/webp', 'image', 'webp', 'webp'),
  type('image/avif', 'image', 'avif', 'avif'),
  type('audio/mpeg', 'audio', 'mp3', 'mp3'),
  type('audio/ogg', 'audio', 'ogg', 'ogg', 'oga', 'opus'),
  type('audio/wav', 'audio', 'wav', 'wav'),
  type('audio/mp4', 'audio', 'mp4', 'm4a', 'mp4'),
  type('audio/webm', 'audio', 'webm', 'webm', 'weba'),
  type('video/mp4', 'video', 'mp4', 'mp4', 'm4v'),
  type('video/webm', 'video', 'webm', 'webm'),
  type('application/pdf', 'file', 'pdf', 'pdf'),
  type('text/plain', 'file', 'text', 'txt', 'text', 'log', 'md'),
  type('text/csv', 'file', 'text', 'csv', 'tsv'),
  type('application/zip', 'file', 'zip', 'zip'),
  type('application/msword', 'file', 'ole', 'doc'),
  type('application/vnd.ms-excel', 'file', 'ole', 'xls'),
  type('application/vnd.ms-powerpoint', 'file', 'ole', 'ppt'),
  type(`${OOXML}.wordprocessingml.document`, 'file', 'zip', 'docx'),
  type(`${OOXML}.spreadsheetml.sheet`, 'file', 'zip', 'xlsx'),
  type(`${OOXML}.presentationml.presentation`, 'file', 'zip', 'pptx'),
  type(`${ODF}.text`, 'file', 'zip', 'odt'),
  type(`${ODF}.spreadsheet`, 'file', 'zip', 'ods'),
  type(`${ODF}.presentation`, 'file', 'zip', 'odp'),
]
const byMime = new Map(types.map((one) => [one.mime, one]))

/** Other names under which browsers and systems send the same. */
const aliases = new Map([
  ['image/jpg', 'image/jpeg'],
  ['image/pjpeg', 'image/jpeg'],
  ['audio/mp3', 'audio/mpeg'],
  ['audio/opus', 'audio/ogg'],
  ['audio/x-wav', 'audio/wav'],
  ['audio/wave', 'audio/wav'],
  ['audio/vnd.wave', 'audio/wav'],
  ['audio/m4a', 'audio/mp4'],
  ['audio/x-m4a', 'audio/mp4'],
  ['video/x-m4v', 'video/mp4'],
  ['application/x-zip-compressed', 'application/zip'],
])

/**
 * The type that a sender declares; undefined when it is not taken. Where Excel is installed, Windows declares a `.csv`
 * as Excel's own type.
 */
export function declaredType(contentType: string, name: string): MediaType | undefined {
  const mime = (contentType.split(';')[0] ?? '').trim().toLowerCase()
  const isExcelCsv = mime === 'application/vnd.ms-excel' && /\.csv$/i.test(name)
  return byMime.get(isExcelCsv ? 'text/csv' : (aliases.get(mime) ?? mime))
}

/** What a browser may show in its place; the rest is saved. */
export const isShown = ({ kind, mime }: { kind: string; mime: string }): boolean =>
  kind !== 'file' && byMime.get(mime)?.kind === kind
