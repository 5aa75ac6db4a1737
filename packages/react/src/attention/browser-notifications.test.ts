import type { Item } from '@belfry/protocol'
import { beforeEach, describe, expect, it } from 'vitest'
import { BrowserNotifications } from './browser-notifications.ts'
import type { BrowserPort, Registration, ShownOptions } from './browser-port.ts'

const DAY_MS = 86_400_000

let permission: NotificationPermission
let answer: NotificationPermission
let missing: ReturnType<BrowserPort['missing']>
let hasGesture: boolean
let hasWorker: boolean
let asked: number
let registered: string[]
let shown: { title: string; options: ShownOptions }[]
let nowMs: number
let stored: Map<string, string>
let permissionChanged: () => void

const registration: Registration = {
  show: async (title, options) => void shown.push({ title, options }),
  closeWhere: async (picks) => {
    shown = shown.filter(({ options }) => !picks(options.data))
  },
  subscription: async () => null,
  subscribe: () => Promise.reject(new Error('no push here')),
}

const port = (): BrowserPort => ({
  missing: () => missing,
  permission: () => permission,
  ask: async () => {
    asked += 1
    permission = answer
    return answer
  },
  hasGesture: () => hasGesture,
  register: async (workerUrl) => {
    if (!hasWorker) throw new Error('404')
    registered.push(workerUrl)
    return registration
  },
  onPermission: (listener) => {
    permissionChanged = listener
    return () => undefined
  },
  storage: {
    getItem: (key) => stored.get(key) ?? null,
    setItem: (key, value) => void stored.set(key, value),
  },
  now: () => nowMs,
})

function open(options: { vapidPublicKey?: string } = {}): BrowserNotifications {
  const browser = new BrowserNotifications(options, port())
  browser.open()
  return browser
}

const item = (id: string, more: Partial<Item> = {}): Item =>
  ({ id, title: `Order ${id}`, message: 'Two chairs', url: '/orders', ...more }) as Item

beforeEach(() => {
  permission = 'default'
  answer = 'granted'
  missing = undefined
  hasGesture = true
  hasWorker = true
  asked = 0
  registered = []
  shown = []
  nowMs = 0
  stored = new Map()
})

describe('the permission', () => {
  it('is asked for by nobody but request', async () => {
    const browser = open()
    browser.opened()
    await browser.showItem(item('1'))
    expect(asked).toBe(0)
    expect(registered).toEqual([])
    expect(await browser.request()).toBe('granted')
    expect(asked).toBe(1)
  })

  it('is not asked for outside of a gesture', async () => {
    hasGesture = false
    expect(await open().request()).toBe('default')
    expect(asked).toBe(0)
  })

  it.each(['granted', 'denied'] as const)('is not asked for again when it is %s', async (given) => {
    permission = given
    expect(await open().request()).toBe(given)
    expect(asked).toBe(0)
  })

  it('that was refused says so', async () => {
    answer = 'denied'
    const browser = open()
    await browser.request()
    expect(browser.store.read()).toMatchObject({ supported: true, permission: 'denied', reason: 'denied' })
  })

  it('that changes in the settings of the browser is seen', () => {
    const browser = open()
    permission = 'denied'
    permissionChanged()
    expect(browser.store.read().permission).toBe('denied')
  })

  it.each(['insecure', 'unsupported'] as const)('is not asked for where the page is %s', async (reason) => {
    missing = reason
    const browser = open()
    expect(browser.store.read()).toMatchObject({ supported: false, reason })
    await browser.request()
    expect(asked).toBe(0)
  })
})

describe('the offer', () => {
  it('comes after the first opened notification', () => {
    const browser = open()
    expect(browser.store.read().mayOffer).toBe(false)
    browser.opened()
    expect(browser.store.read().mayOffer).toBe(true)
  })

  it('comes to who looks later, too', () => {
    const browser = new BrowserNotifications({}, port())
    browser.opened()
    expect(browser.store.read().mayOffer).toBe(false)
    browser.open()
    expect(browser.store.read().mayOffer).toBe(true)
  })

  it('stays away after "not now" whatever else changes', () => {
    const browser = open()
    browser.opened()
    browser.dismiss(0)
    permissionChanged()
    expect(browser.store.read().mayOffer).toBe(false)
  })

  it('comes again 7 days after "not now"', () => {
    open().dismiss()
    const later = open()
    nowMs = 7 * DAY_MS - 1
    later.opened()
    expect(later.store.read().mayOffer).toBe(false)
    nowMs = 7 * DAY_MS
    later.opened()
    expect(later.store.read().mayOffer).toBe(true)
  })

  it('never comes again after "never"', () => {
    open().dismiss(Number.POSITIVE_INFINITY)
    nowMs = 10_000 * DAY_MS
    const later = open()
    later.opened()
    expect(later.store.read().mayOffer).toBe(false)
  })

  it.each(['granted', 'denied'] as const)('does not come when the permission is %s', (given) => {
    permission = given
    const browser = open()
    browser.opened()
    expect(browser.store.read().mayOffer).toBe(false)
  })

  it('goes when it was taken', async () => {
    const browser = open()
    browser.opened()
    await browser.request()
    expect(browser.store.read().mayOffer).toBe(false)
  })
})

describe('a notification', () => {
  beforeEach(() => {
    permission = 'granted'
  })

  it('is shown by the worker, with the id of the item as its tag', async () => {
    await open().showItem(item('1', { icon: '/icon.png' }))
    const options = { body: 'Two chairs', tag: '1', data: { id: '1', url: '/orders' }, icon: '/icon.png' }
    expect(shown).toEqual([{ title: 'Order 1', options }])
    expect(registered).toEqual(['/belfry-sw.js'])
  })

  it('has no icon from an unsafe address', async () => {
    await open().showItem(item('1', { icon: 'javascript:alert(1)' }))
    expect(shown[0]?.options).not.toHaveProperty('icon')
  })

  it('is not shown where the app serves no worker, and the state says why', async () => {
    hasWorker = false
    const browser = open()
    await browser.showItem(item('1'))
    expect(shown).toEqual([])
    expect(browser.store.read().reason).toBe('noWorker')
  })

  it('is closed when its item was read', async () => {
    const browser = open()
    await browser.showItem(item('1'))
    await browser.showItem(item('2'))
    await browser.closeItems((id) => id === '1')
    expect(shown.map(({ title }) => title)).toEqual(['Order 2'])
  })
})

describe('web push', () => {
  it('stays off without a key of the server', async () => {
    const browser = open()
    expect(await browser.subscribe()).toBeUndefined()
    expect(browser.store.read()).toMatchObject({ pushState: 'off', reason: 'noPush' })
    expect(asked).toBe(0)
  })

  it('that the browser refuses is an error', async () => {
    const browser = open({ vapidPublicKey: 'key' })
    await browser.subscribe()
    expect(browser.store.read().pushState).toBe('error')
    await browser.unsubscribe()
    expect(browser.store.read().pushState).toBe('off')
  })

  it('needs the permission', async () => {
    answer = 'denied'
    const browser = open({ vapidPublicKey: 'key' })
    await browser.subscribe()
    expect(browser.store.read()).toMatchObject({ pushState: 'off', permission: 'denied' })
  })
})
