import { expect, test } from 'vitest'
import { ar } from '../locales/ar.ts'
import { de } from '../locales/de.ts'
import { es } from '../locales/es.ts'
import { fr } from '../locales/fr.ts'
import { en, type Strings } from './strings.ts'

const COUNTS = [0, 1, 2, 3, 11, 100]
const NAME = 'Zyx'

interface Said {
  path: string
  text: string
  count?: number
}

/** Every text of a locale, those with a number once for each count. */
function textsOf(strings: Strings): Said[] {
  const { emptyFilter, grouped, wakes, status, shortcutNames, snoozeNames, ...rest } = strings
  const counted = (path: string, say: (count: number) => string): Said[] =>
    COUNTS.map((count) => ({ path: `${path}(${count})`, text: say(count), count }))
  return [
    { path: 'emptyFilter', text: emptyFilter(NAME) },
    { path: 'wakes', text: wakes(NAME) },
    ...counted('grouped', (count) => grouped(NAME, count)),
    ...Object.entries({ ...status, ...shortcutNames, ...snoozeNames }).map(([path, text]) => ({
      path,
      text,
    })),
    ...Object.entries(rest).flatMap(([path, said]) =>
      typeof said === 'string' ? [{ path, text: said }] : counted(path, said),
    ),
  ]
}

const pathsOf = (strings: Strings) =>
  textsOf(strings)
    .map(({ path }) => path)
    .sort()

/** Words that these languages have in common with English. */
const SHARED: Record<string, string[]> = {
  ar: [],
  de: ['Browser', 'in', 'Tab'],
  es: ['no'],
  fr: ['actions', 'Important', 'Messages', 'Notification', 'Notifications', 'site', 'urgent', 'Volume'],
}

const wordsOf = (text: string) => text.toLowerCase().match(/\p{L}{2,}/gu) ?? []

const english = new Set(textsOf(en).flatMap(({ text }) => wordsOf(text)))
english.delete(NAME.toLowerCase())

test.each(Object.entries({ ar, de, es, fr }))('%s has no empty and no English text', (name, strings) => {
  const shared = (SHARED[name] ?? []).map((word) => word.toLowerCase())
  const texts = textsOf(strings)
  expect(pathsOf(strings)).toEqual(pathsOf(en))
  for (const { path, text } of texts) {
    expect(text.trim(), path).not.toBe('')
    expect(text, path).not.toMatch(/undefined|NaN|\[object|\s{2}/)
    const leaked = wordsOf(text).filter((word) => english.has(word) && !shared.includes(word))
    expect(leaked, `${path}: ${text}`).toEqual([])
  }
})

test.each(Object.entries({ ar, de, en, es, fr }))('%s says every number above two', (_, strings) => {
  const counted = textsOf(strings).filter(({ count }) => count !== undefined && count > 2)
  for (const { path, text, count } of counted) expect(text, path).toContain(String(count))
})

test.each(Object.entries({ ar, de, en, es, fr }))(
  '%s has another word for one than for many',
  (_, strings) => {
    expect(strings.newItems(11).replace('11', '1')).not.toBe(strings.newItems(1))
    expect(strings.removed(11).replace('11', '1')).not.toBe(strings.removed(1))
  },
)

test('in French nothing is singular', () => {
  expect(fr.newItems(0)).toBe('0 nouvelle notification')
  expect(fr.newItems(2)).toBe('2 nouvelles notifications')
})

test('in Arabic a number has six forms', () => {
  const forms = COUNTS.map((count) => ar.newItems(count).replace(/\d+/, ''))
  expect(new Set(forms).size).toBe(6)
})

test('in Arabic a foreign title stands apart', () => {
  expect(ar.grouped(NAME, 3)).toContain(`\u2068${NAME}\u2069`)
  expect(ar.emptyFilter(NAME)).toContain(`\u2068${NAME}\u2069`)
})
