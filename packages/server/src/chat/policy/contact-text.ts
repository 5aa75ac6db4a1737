import { dates, type Pattern, patterns } from './contact-patterns.ts'
import { type PlainText, plainText } from './plain-text.ts'

/** Stands where contact details stood. It is no part of any pattern, so nothing grows together over it. */
export const MASK = '•••'

/** Hiding one thing may bare another whose beginning it had covered; more often than this nobody needs it. */
const MAX_PASSES = 3

interface Span {
  start: number
  end: number
}

export interface Reading {
  /** Hosts, with their subdomains, that links may lead to. */
  readonly allowHosts: readonly string[]
  readonly isDirect: boolean
  /** Names of files are often long numbers. */
  readonly hasPhones: boolean
}

/** Where a text says how to reach somebody elsewhere: places in the original, in order, not touching each other. */
export function findContacts(original: string, reading: Reading): Span[] {
  const plain = plainText(original)
  const allowed: Span[] = []
  const found: Span[] = []
  for (const pattern of patterns) {
    if (pattern.isOnlyDirect && !reading.isDirect) continue
    if (pattern.kind === 'phone' && !reading.hasPhones) continue
    for (const span of spansOf(pattern, plain.text)) {
      const isAllowed = pattern.kind === 'link' && leadsTo(plain.text.slice(span.start, span.end), reading)
      if (isAllowed) allowed.push(span)
      else if (pattern.kind !== 'phone' || !allowed.some((link) => isWithin(span, link))) found.push(span)
    }
  }
  return merged(found.map((span) => inOriginal(span, plain)))
}

/** The text with what `findContacts` finds hidden; nothing can be found in it any more. */
export function maskContacts(original: string, reading: Reading): string {
  let text = original
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const found = findContacts(text, reading)
    if (found.length === 0) return text
    text = hidden(text, found)
  }
  return findContacts(text, reading).length === 0 ? text : MASK
}

function hidden(text: string, spans: readonly Span[]): string {
  let result = ''
  let from = 0
  for (const { start, end } of spans) {
    result += text.slice(from, start) + MASK
    from = end
  }
  return result + text.slice(from)
}

function spansOf({ kind, expression, before }: Pattern, text: string): Span[] {
  const searched = kind === 'phone' ? text.replace(dates, (date) => 'd'.repeat(date.length)) : text
  const spans: Span[] = []
  let floor = 0
  for (const { 0: match, index } of searched.matchAll(expression)) {
    const start = before ? extended(text, Math.max(floor, index - before.maxLength), index, before) : index
    floor = index + match.length
    spans.push({ start, end: floor })
  }
  return spans
}

function extended(text: string, floor: number, from: number, { characters }: NonNullable<Pattern['before']>) {
  let start = from
  while (start > floor && characters.test(text.charAt(start - 1))) start -= 1
  return start
}

function leadsTo(link: string, { allowHosts }: Reading): boolean {
  if (allowHosts.length === 0) return false
  const address = link.includes('://') ? link : `https://${link}`
  if (!URL.canParse(address)) return false
  const { protocol, hostname, username, password } = new URL(address)
  const isPlain = /^https?:$/.test(protocol) && username === '' && password === ''
  return isPlain && allowHosts.some((host) => hostname === host || hostname.endsWith(`.${host}`))
}

const isWithin = (inner: Span, outer: Span) => inner.start >= outer.start && inner.end <= outer.end

function inOriginal({ start, end }: Span, plain: PlainText): Span {
  return { start: plain.starts[start] ?? 0, end: plain.ends[end - 1] ?? 0 }
}

function merged(spans: readonly Span[]): Span[] {
  const result: Span[] = []
  for (const span of [...spans].sort((one, other) => one.start - other.start)) {
    const last = result.at(-1)
    if (last && span.start <= last.end) last.end = Math.max(last.end, span.end)
    else result.push({ ...span })
  }
  return result
}
