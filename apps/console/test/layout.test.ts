/** security.md D5 and D6, on the screen: whatever people send, the page keeps its shape and shows it literally. And
 * whatever language the reader has, no part of the kit speaks another one. */
import { en } from '@belfry/react'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { eventually, rowOf, withConsole } from './open-console.ts'
import { openPlayground, type PlayedPage } from './playground-page.ts'

const WITHIN_MS = 60_000

const HOSTILE = [
  { title: '<img src=x onerror=alert(1)>', message: '{{7*7}} %s%n <script>alert(1)</script>' },
  { title: 'W'.repeat(200), message: 'long'.repeat(500) },
  { title: `Z${'\u0301\u0302\u0303'.repeat(60)}`, message: '\u202eright to left\nand\nlines' },
  { title: 'طلب جديد', message: 'طلب جديد من المتجر', priority: 'urgent' },
]

const opened = withConsole({ PLAYGROUND: 'on' })

async function openHostile(): Promise<PlayedPage> {
  const played = await openPlayground(opened())
  const bodies = HOSTILE.map((one) => JSON.stringify({ audience: { all: true }, ...one }))
  const statuses = await played.page.evaluate(async (bodies) => {
    const { token } = JSON.parse(sessionStorage.getItem('belfry:session:ada') ?? '{}')
    const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` }
    const statuses = new Set<number>()
    for (const body of bodies) {
      statuses.add((await fetch('/api/notifications/send', { method: 'POST', headers, body })).status)
    }
    return [...statuses]
  }, bodies)
  expect(statuses).toEqual([201])
  await rowOf(played.grace, 'طلب جديد').first().waitFor()
  return played
}

describe('hostile text', () => {
  test(
    'is text, and nothing stands outside its place, at any width and in both directions',
    async () => {
      const { page, ada } = await openHostile()
      expect(await page.locator('[data-belfry-row] :is(img, script)').count()).toBe(0)
      expect(await rowOf(ada, '<img src=x onerror=alert(1)>').count()).toBe(1)
      for (const width of [1600, 1280, 1000, 820, 360]) {
        for (const dir of ['ltr', 'rtl']) {
          await page.setViewportSize({ width, height: 800 })
          expect(await misplacedIn(page, dir), `${width} ${dir}`).toEqual({ sideways: 0, outside: [] })
        }
      }
    },
    WITHIN_MS,
  )
})

const misplacedIn = (page: Page, dir: string) =>
  page.evaluate((dir) => {
    document.documentElement.dir = dir
    const { scrollWidth, clientWidth } = document.documentElement
    const outside = [...document.querySelectorAll('.screen')].flatMap((screen) => {
      const frame = screen.getBoundingClientRect()
      return [...screen.querySelectorAll('[data-belfry-row] *')].filter((part) => {
        const { left, right } = part.getBoundingClientRect()
        return left < frame.left - 1 || right > frame.right + 1
      })
    })
    return {
      sideways: scrollWidth - clientWidth,
      outside: outside.map(({ outerHTML }) => outerHTML.slice(0, 80)),
    }
  }, dir)

/** English words of the kit that are words, or names, in these languages too. */
const SHARED: Record<string, string[]> = { de: ['in', 'tab', 'browser'], ar: [] }

const englishTexts = [...Object.values(en), ...Object.values(en.status), ...Object.values(en.shortcutNames)]
const englishWords = new Set(
  englishTexts.flatMap((said) =>
    typeof said === 'string' ? (said.toLowerCase().match(/\p{L}{2,}/gu) ?? []) : [],
  ),
)

/** All that the parts show and say, without what people have sent. */
const wordsIn = (page: Page) =>
  page.evaluate(() => {
    const parts = document.querySelectorAll(
      '[data-belfry], [data-belfry-connection-region], [data-belfry-push]',
    )
    const texts = [...parts].flatMap((part) => {
      const copy = part.cloneNode(true)
      if (!(copy instanceof Element)) return []
      for (const sent of copy.querySelectorAll('[data-part=title][dir], [data-part=message][dir]')) {
        for (const node of [...sent.childNodes]) if (node instanceof Text) node.remove()
      }
      const names = [copy, ...copy.querySelectorAll('*')].flatMap((element) =>
        ['aria-label', 'title', 'placeholder'].map((name) => element.getAttribute(name) ?? ''),
      )
      return [copy.textContent ?? '', ...names]
    })
    return texts.flatMap((text) => text.toLowerCase().match(/\p{L}{2,}/gu) ?? [])
  })

test.each(['de', 'ar'])(
  'in %s no part of the kit has an English word, on both pages',
  async (language) => {
    const console = opened()
    await console.newContext({ language, isRtl: language === 'ar' })
    const { page, grace } = await openPlayground(console)
    const inbox = await console.newPage('/inbox?as=grace')
    await inbox.locator('.icon-button').click()
    await grace.locator('[data-belfry-bell] > button').click()
    await page.locator('dialog [data-belfry-panel]').waitFor()
    for (const one of [page, inbox]) {
      // The words of the language come by a file of their own.
      const leaks = async () =>
        (await wordsIn(one)).filter((word) => englishWords.has(word) && !SHARED[language]?.includes(word))
      await eventually(leaks).toEqual([])
      expect((await wordsIn(one)).length).toBeGreaterThan(20)
    }
  },
  WITHIN_MS,
)
