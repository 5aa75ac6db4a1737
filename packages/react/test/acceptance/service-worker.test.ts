/** ui.md §8: pushes, which reach a device without a live tab. */
import { eventually, register, sendTo } from '@belfry/testkit'
import type { BrowserContext, CDPSession, Page, Worker } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { WORKER_STAGE, type WorkerStage } from '../worker-stage.ts'
import { bell, counts, soon } from './inbox-page.ts'
import { createWorld, online, type World } from './world.ts'

/** Inside `evaluate` this names the worker's global scope. */
declare const self: WorkerStage

let world: World

beforeAll(async () => {
  world = await createWorld({ workerPrelude: WORKER_STAGE })
})

afterAll(async () => {
  await world?.close()
})

afterEach(async () => {
  expect(await world.reset()).toEqual([])
})

/** The push service of this device, as far as its worker can tell. */
class PushService {
  readonly worker: Worker
  readonly #devtools: CDPSession
  readonly #registrationId: string

  constructor(worker: Worker, devtools: CDPSession, registrationId: string) {
    this.worker = worker
    this.#devtools = devtools
    this.#registrationId = registrationId
  }

  /** Ends when the worker has done with it. */
  async push(data: object): Promise<void> {
    const readFinished = () => this.worker.evaluate(() => self.finished)
    const before = await readFinished()
    await this.#devtools.send('ServiceWorker.deliverPushMessage', {
      origin: world.app.url,
      registrationId: this.#registrationId,
      data: JSON.stringify(data),
    })
    await eventually('the end of the push', async () => (await readFinished()) > before)
  }

  titles(): Promise<string[]> {
    return this.worker.evaluate(() => self.shown.map(({ title }) => title))
  }

  focus(isFocused: boolean): Promise<void> {
    return this.worker.evaluate((is) => {
      self.isFocused = is
    }, isFocused)
  }

  /** Clicks the only notification that shows. */
  click(): Promise<void> {
    return this.worker.evaluate(async () => {
      const [only, ...others] = self.shown
      if (!only || others.length > 0) throw new Error(`${self.shown.length} notifications show.`)
      await self.click(only)
    })
  }
}

/** Has to begin before the app registers its worker. */
async function watchWorkers(device: BrowserContext): Promise<() => Promise<PushService>> {
  // Stays open when the app's own tab is closed.
  const devtools = await device.newCDPSession(await device.newPage())
  const registered = new Promise<string>((resolve) => {
    devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const [first] = registrations
      if (first) resolve(first.registrationId)
    })
  })
  await devtools.send('ServiceWorker.enable')
  return async () => {
    const worker = await eventually('a worker', () => device.serviceWorkers()[0])
    return new PushService(worker, devtools, await registered)
  }
}

const pathOf = (page: Page) => new URL(page.url()).pathname

test('19. a push without a focused client shows one; unread 0 closes it; a click routes', async () => {
  const ada = await register(world.server)
  const device = await world.device({ permission: 'granted', isFocused: false })
  const started = await watchWorkers(device)
  const page = await world.open(device, { token: ada.token })
  await online(page)
  const pushes = await started()
  await pushes.focus(false)
  await pushes.push({ id: 'item-1', title: 'Order 1' })
  expect(await pushes.titles()).toEqual(['Order 1'])
  await pushes.push({ unread: 0 })
  expect(await pushes.titles()).toEqual([])
  await pushes.focus(true)
  await pushes.push({ id: 'item-2', title: 'Order 2' })
  expect(await pushes.titles()).toEqual([])

  await pushes.focus(false)
  const { id } = await sendTo(world.sender, ada, 'text', { title: 'Order 3', url: '/orders/3' })
  await counts(page, 1)
  await pushes.push({ id, title: 'Order 3', url: '/orders/3' })
  await pushes.click()
  await soon(() => pathOf(page)).toBe('/orders/3')
  // The app has followed it without loading anew, and what was clicked is read.
  await counts(page, 0)
  expect(await bell(page).isVisible()).toBe(true)
  expect(await pushes.titles()).toEqual([])

  await page.close()
  await pushes.push({ id: 'item-4', title: 'Order 4', url: '/orders/4' })
  await pushes.click()
  expect(await pushes.worker.evaluate(() => self.opened)).toEqual([`${world.app.url}/orders/4`])
}, 30_000)
