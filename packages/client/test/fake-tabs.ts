import type { FakeClock } from '@belfry/testkit/client'
import type { TabLocks } from '../src/browser-tabs.ts'
import type { TabSurroundings } from '../src/tab-surroundings.ts'

type Run = Parameters<TabLocks['request']>[2]

interface Asked {
  tab: FakeTab
  run: Run
}

interface FakeBrowserOptions {
  hasLocks?: boolean
  hasStorage?: boolean
}

/** The tabs of one device: one storage, one set of locks, one tab with focus. */
export class FakeBrowser {
  readonly clock: FakeClock
  readonly stored = new Map<string, string>()
  readonly tabs = new Set<FakeTab>()
  readonly #options: FakeBrowserOptions
  readonly #holders = new Map<string, FakeTab>()
  readonly #queues = new Map<string, Asked[]>()

  constructor(clock: FakeClock, options: FakeBrowserOptions = {}) {
    this.clock = clock
    this.#options = options
  }

  open(): FakeTab {
    const { hasLocks = true, hasStorage = true } = this.#options
    const tab = new FakeTab(this, `tab-${this.tabs.size}`, { hasLocks, hasStorage })
    this.tabs.add(tab)
    return tab
  }

  /** `undefined`: another program has the focus. */
  focus(focused: FakeTab | undefined): void {
    for (const tab of this.tabs) {
      if (tab.hasFocus === (tab === focused)) continue
      tab.hasFocus = tab === focused
      tab.onFocus()
    }
  }

  async request(tab: FakeTab, name: string, options: Parameters<TabLocks['request']>[1], run: Run) {
    const { ifAvailable, signal } = options
    if (!this.#holders.has(name)) return this.#hold(name, { tab, run })
    if (ifAvailable) return run(null)
    const queue = this.#queues.get(name) ?? []
    this.#queues.set(name, [...queue, { tab, run }])
    return new Promise((_, reject) => {
      signal?.addEventListener('abort', () => {
        this.#queues.set(
          name,
          (this.#queues.get(name) ?? []).filter((asked) => asked.run !== run),
        )
        reject(signal.reason)
      })
    })
  }

  release(tab: FakeTab): void {
    for (const [name, holder] of this.#holders) {
      if (holder === tab) this.#next(name)
    }
  }

  async #hold(name: string, { tab, run }: Asked): Promise<void> {
    this.#holders.set(name, tab)
    await run({ name })
    if (this.#holders.get(name) === tab && tab.isAlive) this.#next(name)
  }

  #next(name: string): void {
    this.#holders.delete(name)
    const [next, ...rest] = (this.#queues.get(name) ?? []).filter(({ tab }) => tab.isAlive)
    this.#queues.set(name, rest)
    if (next) void this.#hold(name, next)
  }
}

export class FakeTab {
  readonly surroundings: TabSurroundings
  isAlive = true
  hasFocus = false
  onFocus = (): void => undefined
  readonly #browser: FakeBrowser
  readonly #channels = new Map<string, (message: unknown) => void>()

  constructor(browser: FakeBrowser, id: string, options: Required<FakeBrowserOptions>) {
    this.#browser = browser
    const { stored, clock } = browser
    this.surroundings = {
      clock: {
        now: () => clock.now(),
        schedule: (run, ms) => clock.schedule(() => this.isAlive && run(), ms),
      },
      newId: () => id,
      locks: options.hasLocks
        ? { request: (name, asked, run) => browser.request(this, name, asked, run) }
        : undefined,
      storage: options.hasStorage
        ? {
            getItem: (key) => stored.get(key) ?? null,
            setItem: (key, value) => void stored.set(key, value),
            removeItem: (key) => void stored.delete(key),
          }
        : undefined,
      openChannel: (name, onMessage) => this.#openChannel(name, onMessage),
      isFocused: () => this.hasFocus,
      watch: (onFocus) => {
        this.onFocus = onFocus
        return () => undefined
      },
    }
  }

  /** Without goodbye: what it holds is given back by the browser, everything else just stops. */
  kill(): void {
    this.isAlive = false
    this.#browser.release(this)
    this.#browser.tabs.delete(this)
  }

  #openChannel(name: string, onMessage: (message: unknown) => void) {
    this.#channels.set(name, onMessage)
    return {
      post: (message: unknown) => {
        for (const tab of this.#browser.tabs) if (tab !== this) tab.#deliver(name, structuredClone(message))
      },
      close: () => void this.#channels.delete(name),
    }
  }

  #deliver(name: string, message: unknown): void {
    queueMicrotask(() => this.isAlive && this.#channels.get(name)?.(message))
  }
}
