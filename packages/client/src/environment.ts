import type { BrowserTabs } from './browser-tabs.ts'
import type { keepFor } from './keeping.ts'
import type { ListsOptions } from './lists.ts'
import type { LocalStore } from './local-store.ts'
import { openSocketIo } from './socket-io.ts'
import type { OpenSocket } from './socket-port.ts'

/** Time as the client sees it; a test passes its own. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Runs once after `ms`; answers what cancels it. */
  schedule(run: () => void, ms: number): () => void
}

/** What the device says about itself. Only a hint: browsers call themselves online behind dead networks. */
export type Hint = 'networkUp' | 'networkDown' | 'shown' | 'hidden'

export interface Device {
  /** The same for all tabs of a browser, where it can keep something. */
  readonly id: string
  isOnline(): boolean
  isHidden(): boolean
  watch(listener: (hint: Hint) => void): () => void
}

/** Everything outside that the client touches. */
export interface Environment {
  openSocket: OpenSocket
  clock: Clock
  device: Device
  /** 0 to 1. */
  random(): number
  /** Unique for good: idempotency keys are made of it. */
  newId(): string
  /** What reads long and filtered lists: code that is loaded when somebody first wants one. */
  loadPages: ListsOptions['loadPages']
  /** What the device keeps, where there is a storage. */
  loadKeeping(): Promise<{ keepFor: typeof keepFor }>
  /** Undefined where nothing can be kept: then cache and queue live as long as the client. */
  storage?: LocalStore | undefined
  /** Undefined where there are no tabs. */
  tabs?: BrowserTabs | undefined
}

const DEVICE_KEY = 'belfry:device'

/** `crypto.randomUUID` is missing on plain http. */
export function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')
}

export const systemClock: Clock = {
  now: () => Date.now(),
  schedule(run, ms) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}

function deviceId(): string {
  try {
    const known = localStorage.getItem(DEVICE_KEY)
    if (known) return known
    const id = randomId()
    localStorage.setItem(DEVICE_KEY, id)
    return id
  } catch {
    // No storage, as in Node, or one that is forbidden: this client is a device of its own.
    return randomId()
  }
}

const browser = (): (Window & typeof globalThis) | undefined =>
  typeof window === 'undefined' ? undefined : window

function systemDevice(): Device {
  return {
    id: deviceId(),
    isOnline: () => browser()?.navigator.onLine ?? true,
    isHidden: () => browser()?.document.hidden ?? false,
    watch(listener) {
      const page = browser()
      if (!page) return () => undefined
      const controller = new AbortController()
      const { signal } = controller
      page.addEventListener('online', () => listener('networkUp'), { signal })
      page.addEventListener('offline', () => listener('networkDown'), { signal })
      page.addEventListener('focus', () => listener('shown'), { signal })
      const onVisibility = () => listener(page.document.hidden ? 'hidden' : 'shown')
      page.document.addEventListener('visibilitychange', onVisibility, { signal })
      return () => controller.abort()
    },
  }
}

export function systemEnvironment(clock: Clock = systemClock): Environment {
  return {
    openSocket: openSocketIo,
    clock,
    device: systemDevice(),
    random: Math.random,
    newId: randomId,
    loadPages: () => import('./list-pages.ts'),
    loadKeeping: () => import('./keeping.ts'),
  }
}
