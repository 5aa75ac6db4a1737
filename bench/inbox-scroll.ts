// A browser that reads through a long inbox of the console, as fast as a hand at a wheel, and looks at every frame.

import { launchBrowser } from '@belfry/testkit/browser'
import type { Page } from 'playwright-core'
import { ADMIN, adminHeaders, type Belfry } from './belfry.ts'
import { onClose } from './closers.ts'
import type { Figures } from './result.ts'

/** As many as one request takes. */
const BULK = 100
/** A frame: nine screens a second. */
const STEP_PX = 120
const MIB = 1_048_576
/** One more than a screen with 60 frames a second shows: the frame came too late for its turn. */
const LATE_MS = 25
const ROW = 'main [data-belfry-row]'

const fill = async (belfry: Belfry, count: number): Promise<void> => {
  const headers = { ...(await adminHeaders(belfry)), 'Content-Type': 'application/json' }
  for (let at = 0; at < count; at += BULK) {
    const notifications = Array.from({ length: Math.min(BULK, count - at) }, (_, index) => ({
      audience: { all: true },
      message: `number ${at + index + 1}`,
    }))
    const body = JSON.stringify({ notifications })
    const url = `http://127.0.0.1:${belfry.port}/api/notifications/bulk`
    const { status } = await fetch(url, { method: 'POST', headers, body })
    if (status !== 201) throw new Error(`sending was answered by HTTP ${status}`)
  }
}

const openInbox = async (page: Page, { port }: Belfry): Promise<void> => {
  await page.goto(`http://127.0.0.1:${port}/inbox`)
  await page.locator('input[type=email]').fill(ADMIN.email)
  await page.locator('input[type=password]').fill(ADMIN.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.locator(ROW).first().waitFor()
}

/** What is in use after the garbage is gone. */
const heapMib = async (page: Page): Promise<number> => {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  await session.detach()
  return usedSize / MIB
}

interface Scrolled {
  frameMs: number[]
  maxNodes: number
  maxRows: number
  hasArrived: boolean
}

/** Runs in the page: frames count while the list moves; while it waits for its next page nothing is to be drawn. */
const scrollThrough = async ({
  row,
  stepPx,
  withinMs,
}: {
  row: string
  stepPx: number
  withinMs: number
}) => {
  const scrolled: Scrolled = { frameMs: [], maxNodes: 0, maxRows: 0, hasArrived: false }
  const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve))
  const scroller = document.querySelector('main [data-part=scroller]')
  const startedAt = performance.now()
  let last = await frame()
  while (scroller && !scrolled.hasArrived && last - startedAt < withinMs) {
    const before = scroller.scrollTop
    scroller.scrollBy(0, stepPx)
    const hasMoved = scroller.scrollTop !== before
    const now = await frame()
    if (hasMoved) scrolled.frameMs.push(now - last)
    last = now
    const rows = document.querySelectorAll(row)
    scrolled.maxRows = Math.max(scrolled.maxRows, rows.length)
    // Looking at all of the document each time would be what is measured.
    if (scrolled.frameMs.length % 30 === 0)
      scrolled.maxNodes = Math.max(scrolled.maxNodes, document.querySelectorAll('*').length)
    const message = rows.item(rows.length - 1)?.querySelector('[data-part=message]')?.textContent
    scrolled.hasArrived = message === 'number 1'
  }
  return scrolled
}

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN

/** Sends `count` notifications and scrolls from the newest to the oldest. */
export const scrollInbox = async (
  belfry: Belfry,
  count: number,
  fault: (text: string) => void,
): Promise<Figures> => {
  await fill(belfry, count)
  const browser = await launchBrowser()
  const close = onClose(() => browser.close())
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  await openInbox(page, belfry)
  const firstMib = await heapMib(page)
  const withinMs = count * 60
  const { frameMs, maxNodes, maxRows, hasArrived } = await page.evaluate(scrollThrough, {
    row: ROW,
    stepPx: STEP_PX,
    withinMs,
  })
  if (!hasArrived) fault('the oldest notification was not reached')
  const lastMib = await heapMib(page)
  await close()
  const sorted = frameMs.toSorted((a, b) => a - b)
  return {
    p50Ms: quantile(sorted, 0.5),
    p95Ms: quantile(sorted, 0.95),
    latePercent: (100 * frameMs.filter((ms) => ms > LATE_MS).length) / frameMs.length,
    longestMs: sorted.at(-1) ?? Number.NaN,
    maxRows,
    maxNodes,
    grownMib: lastMib - firstMib,
    heapMib: lastMib,
  }
}
