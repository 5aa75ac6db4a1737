/** Tabs, sound and title in a real browser. */
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { eventually } from '@belfry/testkit'
import { launchBrowser } from '@belfry/testkit/browser'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Stage } from './attention-page.ts'

const ENTRY = join(import.meta.dirname, 'attention-page.ts')
const HTML = `<!doctype html><title>Orders</title><link rel="icon" href="/own.svg"><script type="module" src="/page.js"></script>`

/** A tenth of a second of 8 bits at 8,000 Hz. */
const SILENCE_WAV = Buffer.concat([
  Buffer.from(
    'RIFF\x44\x03\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x40\x1f\0\0\x01\0\x08\0data\x20\x03\0\0',
    'latin1',
  ),
  Buffer.alloc(800, 128),
])

/** Inside `evaluate` this is the page's. */
declare const stage: Stage

let browser: Browser
let server: Server
let context: BrowserContext
let url: string

beforeAll(async () => {
  const code = await bundle()
  server = createServer((request, response) => {
    const isScript = request.url === '/page.js'
    response.setHeader('content-security-policy', "default-src 'self'")
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
    if (request.url === '/ding.wav') response.end(SILENCE_WAV)
    else response.end(isScript ? code : HTML)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  browser = await launchBrowser()
})

afterAll(async () => {
  await browser?.close()
  server?.closeAllConnections()
  server?.close()
})

beforeEach(async () => {
  context = await browser.newContext()
})

afterEach(() => context.close())

async function bundle(): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['@belfry/source', 'browser', 'module', 'import'] },
    build: { write: false, target: 'es2022', rolldownOptions: { input: ENTRY } },
  })
  const outputs = Array.isArray(result) ? result : [result]
  const parts = outputs.flatMap((output) => ('output' in output ? output.output : []))
  return parts.map((part) => (part.type === 'chunk' ? part.code : '')).join('\n')
}

/** @param focused A headless browser calls every page focused, so focus is played. */
async function openTab({ hasLocks = true, focused = false } = {}): Promise<Page> {
  const page = await context.newPage()
  await page.addInitScript(
    (given) => {
      document.hasFocus = () => given.focused
      // As on plain http.
      if (!given.hasLocks) Object.defineProperty(navigator, 'locks', { value: undefined })
    },
    { hasLocks, focused },
  )
  await page.goto(url)
  return page
}

const readState = (page: Page) => page.evaluate(() => stage.leader.getSnapshot())

async function leadersOf(pages: readonly Page[]): Promise<Page[]> {
  const states = await Promise.all(pages.map(readState))
  return pages.filter((_, index) => states[index]?.isLeader)
}

const leaderOf = (pages: readonly Page[]) =>
  eventually(
    'one leader',
    async () => {
      const leaders = await leadersOf(pages)
      return leaders.length === 1 && leaders[0]
    },
    10_000,
  )

async function winners(pages: readonly Page[], id: string): Promise<number> {
  const answers = await Promise.all(
    pages.map((page) => page.evaluate((claimed) => stage.leader.claim(claimed, 'sound'), id)),
  )
  return answers.filter(Boolean).length
}

describe.each([
  { mode: 'locks', hasLocks: true },
  { mode: 'channel', hasLocks: false },
])('three tabs by $mode', ({ mode, hasLocks }) => {
  it('have one leader, grant each claim once, and go on when the leader is gone', async () => {
    const tabs = [await openTab({ hasLocks }), await openTab({ hasLocks }), await openTab({ hasLocks })]
    const leader = await leaderOf(tabs)
    expect((await readState(leader)).mode).toBe(mode)
    for (const id of ['1', '2', '3']) expect(await winners(tabs, id)).toBe(1)
    expect(await winners(tabs, '1')).toBe(0)
    await leader.close()
    const left = tabs.filter((tab) => tab !== leader)
    await leaderOf(left)
    expect(await winners(left, '4')).toBe(1)
    expect(await winners(left, '1')).toBe(0)
  })

  it('know that one of them is focused, until it is closed', async () => {
    const tab = await openTab({ hasLocks })
    const focused = await openTab({ hasLocks, focused: true })
    await eventually('word of the focus', async () => (await readState(tab)).isAnyFocused)
    expect((await readState(tab)).isFocused).toBe(false)
    await focused.close()
    await eventually('its end', async () => !(await readState(tab)).isAnyFocused)
  })
})

it('the sound is unlocked by a key or a click, not by Escape or the mouse passing', async () => {
  const page = await openTab()
  const isUnlocked = () => page.evaluate(() => stage.sound.isReady())
  await page.mouse.move(10, 10)
  await page.mouse.move(50, 50)
  await page.keyboard.press('Escape')
  expect(await isUnlocked()).toBe(false)
  await page.mouse.click(50, 50)
  await eventually('sound', isUnlocked)
  expect(await page.evaluate(() => [stage.sound.play(), stage.sound.play()])).toEqual([true, false])
})

it('a sound may be a file; where it cannot be had, the usual one rings', async () => {
  const page = await openTab()
  await page.evaluate(() => {
    const started: string[] = []
    Object.assign(globalThis, { started })
    for (const node of [AudioBufferSourceNode, OscillatorNode]) {
      const { start } = node.prototype
      node.prototype.start = function (this: AudioScheduledSourceNode, when?: number) {
        started.push(this instanceof AudioBufferSourceNode ? `file of ${this.buffer?.duration} s` : 'note')
        start.call(this, when)
      }
    }
    stage.sound.configure({ minIntervalMs: 0 })
  })
  await page.mouse.click(50, 50)
  await eventually('sound', () => page.evaluate(() => stage.sound.isReady()))
  const started = () => page.evaluate(() => (globalThis as unknown as { started: string[] }).started)
  await page.evaluate(() => stage.sound.play('/ding.wav'))
  await expect.poll(started).toEqual(['file of 0.1 s'])
  await page.evaluate(() => stage.sound.play('/missing.wav'))
  await expect.poll(started).toEqual(['file of 0.1 s', 'note', 'note'])
})

it('title and icon show what is unread, follow the app, and are restored', async () => {
  const page = await openTab()
  const look = () =>
    page.evaluate(() => [
      document.title,
      document.querySelector<HTMLLinkElement>('link')?.getAttribute('href'),
    ])
  await page.evaluate(() => stage.badge.show(3, true))
  expect(await look()).toEqual(['(3) Orders', '/dot.svg'])
  await page.evaluate(() => {
    document.title = 'Invoices'
  })
  await eventually('the new title', async () => (await look())[0] === '(3) Invoices')
  await page.evaluate(() => stage.badge.close())
  expect(await look()).toEqual(['Invoices', `${url}own.svg`])
})
