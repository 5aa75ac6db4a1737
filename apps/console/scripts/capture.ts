/**
 * `npm run capture -w @belfry/console`, after `npm run build`: writes `docs/capture.webp`, half a minute of the playground
 * as somebody uses it for the first time.
 */
import { join } from 'node:path'
import { startServer } from '@belfry/testkit'
import { launchBrowser } from '@belfry/testkit/browser'
import type { Page } from 'playwright-core'
import sharp from 'sharp'

const FILE = join(import.meta.dirname, '../../../docs/capture.webp')
const SIZE = { width: 1280, height: 800 }
const SHOWN_WIDTH = 960
const FRAME_MS = 140
const LAST_FRAME_MS = 2_500

interface Frame {
  png: Buffer
  /** When it was taken. */
  at: number
}

const server = await startServer({ env: { PLAYGROUND: 'on' } })
const browser = await launchBrowser()
try {
  const page = await browser.newPage({ viewport: SIZE, locale: 'en-GB' })
  await page.goto(server.url)
  await page.locator('[data-belfry-connection][data-status=online]').nth(1).waitFor()
  await write(await film(page, () => play(page)))
} finally {
  await browser.close()
  await server.close()
}

async function play(page: Page): Promise<void> {
  const [ada, grace] = ['ada', 'grace'].map((name) => page.locator(`.phone[data-person=${name}]`))
  if (!ada || !grace) throw new Error('The playground has two phones.')
  const pause = (ms = 900) => page.waitForTimeout(ms)
  await pause()
  for (const kind of ['New order', 'Low stock']) {
    await page.getByRole('button', { name: kind, exact: true }).click()
    await pause()
  }
  await grace.locator('[data-unread]').first().click()
  // They cover the tabs of the phones.
  while ((await page.locator('[data-belfry-toast]').count()) > 0) await pause(300)
  for (const phone of [ada, grace]) await phone.getByRole('tab', { name: /Chat/ }).click()
  await pause()
  await say(ada.getByRole('combobox'), 'Did the order arrive?')
  await pause(1_600)
  await say(grace.getByRole('combobox'), 'This morning. Thank you!')
  await pause(1_600)
}

async function say(field: ReturnType<Page['getByRole']>, text: string): Promise<void> {
  await field.pressSequentially(text, { delay: 45 })
  await field.press('Enter')
}

/** Pictures of the page for as long as somebody plays. */
async function film(page: Page, playing: () => Promise<void>): Promise<Frame[]> {
  const frames: Frame[] = []
  let isOver = false
  const done = playing().finally(() => {
    isOver = true
  })
  while (!isOver) {
    const at = performance.now()
    frames.push({ png: await page.screenshot(), at })
    await page.waitForTimeout(Math.max(0, FRAME_MS - (performance.now() - at)))
  }
  await done
  return frames
}

/** What does not change is shown longer instead of again. */
async function write(frames: readonly Frame[]): Promise<void> {
  const kept = frames.filter(({ png }, index) => index === 0 || !frames[index - 1]?.png.equals(png))
  const pictures = await Promise.all(kept.map(({ png }) => sharp(png).resize(SHOWN_WIDTH).png().toBuffer()))
  const delay = kept.map(({ at }, index) => Math.round((kept[index + 1]?.at ?? at + LAST_FRAME_MS) - at))
  await sharp(pictures, { join: { animated: true } })
    .webp({ lossless: true, effort: 5, loop: 0, delay })
    .toFile(FILE)
}
