/** What the tests of accessibility see of a page. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

/** Source: WCAG 2.2, levels A and AA. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const axeCode = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export async function seriousIn(page: Page): Promise<string[]> {
  await page.evaluate(axeCode)
  return page.evaluate(async (values) => {
    const { axe } = globalThis as typeof globalThis & { axe: typeof import('axe-core') }
    const { violations } = await axe.run(document, { runOnly: { type: 'tag', values } })
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`))
  }, RULES)
}

/** Whatever can be pressed, written in or opened, and is smaller than WCAG 2.5.8 wants it. */
export const tooSmall = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('[data-belfry] :is(button, input, [role=tab]), [data-belfry-toast] button')]
      .map((element) => ({ element, box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 0 && (box.width < 24 || box.height < 24))
      .map(({ element, box }) => `${box.width} x ${box.height}: ${element.outerHTML.slice(0, 120)}`),
  )

export interface Spoken {
  atMs: number
  text: string
}

/** Runs in the page: what its regions say, as `spoken`, and whether they were there before the first row, as `wasReady`. */
export function listenToRegions(): void {
  const heard: Spoken[] = []
  Object.assign(window, { spoken: heard, wasReady: false })
  let isFirst = true
  let last = ''
  new MutationObserver(() => {
    const regions = [...document.querySelectorAll<HTMLElement>('[data-belfry-announcer]')]
    if (isFirst && document.querySelector('[data-belfry-row]')) {
      isFirst = false
      Object.assign(window, { wasReady: regions.length === 2 })
    }
    const text = regions.map(({ textContent }) => textContent).join('')
    if (text !== '' && text !== last) heard.push({ atMs: performance.now(), text })
    last = text
  }).observe(document, { childList: true, subtree: true, characterData: true })
}

/** Runs in the page: what moves in the kit, as `motions`. */
export function recordMotion(): void {
  const found = new Set<string>()
  Object.assign(window, { motions: found })
  const look = () => {
    const all = '[data-belfry], [data-belfry] *, [data-belfry-toaster], [data-belfry-toaster] *'
    for (const element of document.querySelectorAll(all)) {
      const { transform, transitionDuration, animationName } = getComputedStyle(element)
      const name = [...element.attributes].map((one) => one.name).find((one) => one.startsWith('data-')) ?? ''
      if (transform !== 'none') found.add(`${name} transform`)
      if (transitionDuration !== '0s') found.add(`${name} transition`)
      if (animationName !== 'none') found.add(`${name} ${animationName}`)
    }
  }
  addEventListener('DOMContentLoaded', () => {
    new MutationObserver(() => requestAnimationFrame(look)).observe(document.body, {
      childList: true,
      subtree: true,
    })
  })
}
