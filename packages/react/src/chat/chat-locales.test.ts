import { expect, test } from 'vitest'
import { arChat as ar } from './locales/ar.ts'
import { deChat as de } from './locales/de.ts'
import { esChat as es } from './locales/es.ts'
import { frChat as fr } from './locales/fr.ts'
import { type ChatStrings, enChat as en } from './strings.ts'

const COUNTS = [0, 1, 2, 3, 11, 100]
const NAME = 'Zyx'

interface Said {
  path: string
  text: string
  count?: number
}

/** Every text of a locale, those with a number once for each count. */
function textsOf(strings: ChatStrings): Said[] {
  const { status, presence, setStatus, chatRow, reaction, typing, ...rest } = strings
  const { jumpToLatest, uploading, seenBy, members, ...others } = rest
  const counted = (path: string, say: (count: number) => string): Said[] =>
    COUNTS.map((count) => ({ path: `${path}(${count})`, text: say(count), count }))
  return [
    ...counted('chatRow', (count) => chatRow(NAME, count)),
    ...counted('reaction', (count) => reaction(NAME, count)),
    ...counted('typing', (count) => typing(Array.from({ length: Math.max(1, count) }, () => NAME))),
    ...Object.entries({ jumpToLatest, uploading, seenBy, members }).flatMap(([path, say]) =>
      counted(path, say),
    ),
    ...Object.entries({ ...status, ...presence, ...setStatus }).map(([path, text]) => ({ path, text })),
    ...Object.entries(others).map(([path, said]) => ({
      path,
      text: typeof said === 'string' ? said : said(NAME),
    })),
  ]
}

/** Words that these languages have in common with English. */
const SHARED: Record<string, string[]> = {
  ar: [],
  de: ['Chat', 'Chats', 'Offline', 'Online', 'Status', 'IDs', 'Text'],
  es: ['Chat', 'Chats', 'Invisible', 'no'],
  fr: ['actions', 'image', 'Invisible', 'message', 'messages'],
}

const wordsOf = (text: string) => text.toLowerCase().match(/\p{L}{2,}/gu) ?? []

const english = new Set(textsOf(en).flatMap(({ text }) => wordsOf(text)))
english.delete(NAME.toLowerCase())

test.each(Object.entries({ ar, de, es, fr }))('%s has no empty and no English text', (name, strings) => {
  const shared = (SHARED[name] ?? []).map((word) => word.toLowerCase())
  const texts = textsOf(strings)
  expect(texts.map(({ path }) => path)).toEqual(textsOf(en).map(({ path }) => path))
  for (const { path, text } of texts) {
    expect(text.trim(), path).not.toBe('')
    expect(text, path).not.toMatch(/undefined|NaN|\[object|\s{2}/)
    const leaked = wordsOf(text).filter((word) => english.has(word) && !shared.includes(word))
    expect(leaked, `${path}: ${text}`).toEqual([])
  }
})

test.each(Object.entries({ ar, de, en, es, fr }))('%s says every number above three', (_, strings) => {
  const counted = textsOf(strings).filter(({ count }) => count !== undefined && count > 3)
  for (const { path, text, count } of counted) expect(text, path).toContain(String(count))
})

test.each(Object.entries({ ar, de, en, es, fr }))(
  '%s names up to three people who write, and then counts them',
  (_, { typing }) => {
    expect(typing(['Ada', 'Bob', 'Cem'])).toMatch(/Ada.*Bob.*Cem/)
    expect(typing(['Ada', 'Bob', 'Cem', 'Dan'])).toMatch(/^[^A]*4[^A]*$/)
  },
)

test.each(Object.entries({ ar, de, en, es, fr }))(
  '%s has another word for one than for many',
  (_, strings) => {
    expect(strings.members(11).replace('11', '1')).not.toBe(strings.members(1))
    expect(strings.jumpToLatest(11).replace('11', '1')).not.toBe(strings.jumpToLatest(1))
  },
)

test('in Arabic a foreign name stands apart', () => {
  for (const text of [ar.writeTo(NAME), ar.typing([NAME]), ar.chatRow(NAME, 3)]) {
    expect(text).toContain(`\u2068${NAME}\u2069`)
  }
})
