import type { MediaType } from './media-types.ts'

/** Source: chat-presence.md §10. */
const MAX_CHARACTERS = 120
/** Control characters, line separators, and marks that turn the direction of writing: `gpj.exe` must not read `exe.jpg`. */
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu

/**
 * What a file is called for people: the last part of whatever was sent, without what cannot be seen, and with an ending
 * that belongs to its type, so that no system takes it for a program. It never becomes a path on this machine.
 */
export function labelOf(name: string, { kind, endings }: MediaType): string {
  const last =
    name
      .toWellFormed()
      .split(/[/\\]/)
      .findLast((part) => part.trim() !== '') ?? ''
  const seen = last
    .replace(UNSEEN, '')
    .replace(/[<>:"|?*]/g, '_')
    .replace(/^[\s.]+|[\s.]+$/g, '')
  const [, stem, ending] = /^(.*)\.([^.]*)$/su.exec(seen) ?? ['', seen, '']
  const isFitting = (endings as readonly string[]).includes((ending ?? '').toLowerCase())
  const suffix = isFitting ? `.${ending}` : `.${endings[0]}`
  const base = (isFitting ? stem : seen) || kind
  const room = MAX_CHARACTERS - suffix.length
  return `${[...base].slice(0, room).join('').trimEnd()}${suffix}`
}
