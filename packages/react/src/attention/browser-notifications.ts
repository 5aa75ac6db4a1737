import type { Item } from '@belfry/protocol'
import { isSafeLink } from '@belfry/protocol'
import type { MakePart } from '../kit/kit-parts.ts'
import { Store } from '../ui/store.ts'
import { type BrowserPort, browserPort, type Registration } from './browser-port.ts'
import { type BrowserState, SERVER_STATE } from './browser-state.ts'

/** When the question may come again, in milliseconds since 1970. */
const ASK_AGAIN_KEY = 'belfry:ask-again'
/** Source: ui.md §5, Permission. */
const DISMISSED_DAYS = 7
const DAY_MS = 86_400_000

export interface BrowserNotificationsOptions {
  /** Where the app serves `@belfry/react/belfry-sw.js`. Default `/belfry-sw.js`. */
  workerUrl?: string | undefined
  /** Of the server that sends pushes; without it there are none. */
  vapidPublicKey?: string | undefined
}

/** Notifications of the operating system. Asks nobody before `request`, and that only inside a gesture. */
export class BrowserNotifications {
  readonly store = new Store<BrowserState>(SERVER_STATE)
  readonly #options: BrowserNotificationsOptions
  readonly #port: BrowserPort
  #registration: Promise<Registration | undefined> | undefined
  #unwatch = (): void => undefined
  #wasOpened = false

  constructor(options: BrowserNotificationsOptions, port: BrowserPort = browserPort) {
    this.#options = options
    this.#port = port
  }

  /** Reads what is allowed; only in a browser. */
  open(): void {
    this.close()
    const reason = this.#port.missing()
    if (reason) {
      this.store.change({ reason })
      return
    }
    this.#unwatch = this.#port.onPermission(() => this.#look())
    this.#look()
  }

  close(): void {
    this.#unwatch()
    this.#unwatch = () => undefined
  }

  /** The browser's question. Inside a click or a key alone: elsewhere browsers count it against the site. */
  readonly request = async (): Promise<NotificationPermission> => {
    const { supported, permission } = this.store.read()
    if (!supported || permission !== 'default' || !this.#port.hasGesture()) return permission
    await this.#port.ask()
    this.#look()
    return this.store.read().permission
  }

  /** Whether there can be pushes beside notifications of open tabs. */
  get hasPush(): boolean {
    return this.#options.vapidPublicKey !== undefined
  }

  /** Pushes where there are any, else notifications while a tab is open. Inside a gesture. */
  readonly turnOn = async (): Promise<void> => {
    await (this.hasPush ? this.subscribe() : this.request())
  }

  /** Answers what the sender of pushes needs, or nothing when there can be none. */
  readonly subscribe = async (): Promise<PushSubscription | undefined> => {
    const { vapidPublicKey } = this.#options
    if (vapidPublicKey === undefined) {
      this.store.change({ reason: this.store.read().reason ?? 'noPush' })
      return undefined
    }
    if ((await this.request()) !== 'granted') return undefined
    this.store.change({ pushState: 'subscribing' })
    try {
      const subscription = await (await this.#worker())?.subscribe(vapidPublicKey)
      this.store.change({ pushState: subscription ? 'on' : 'error' })
      return subscription
    } catch {
      this.store.change({ pushState: 'error' })
      return undefined
    }
  }

  readonly unsubscribe = async (): Promise<void> => {
    const subscription = await (await this.#worker())?.subscription()
    await subscription?.unsubscribe()
    this.store.change({ pushState: 'off' })
  }

  /** No offer for so many days; `Infinity` is never. Default 7. */
  readonly dismiss = (days = DISMISSED_DAYS): void => {
    this.#wasOpened = false
    this.store.change({ mayOffer: false })
    try {
      this.#port.storage?.setItem(ASK_AGAIN_KEY, String(this.#port.now() + days * DAY_MS))
    } catch {
      // Full: it holds for this page.
    }
  }

  /** Somebody has opened a notification: now they know what is offered. */
  opened(): void {
    this.#wasOpened = true
    const { supported, permission } = this.store.read()
    if (supported && permission === 'default') this.#look()
  }

  /** One with the same tag takes the place of the last; clicked, it opens the item. */
  async showItem({ id, title, message, url, icon }: Item): Promise<void> {
    await this.show({ title, body: message, tag: id, data: { id, url }, icon })
  }

  async show(shown: {
    title: string
    body?: string
    tag: string
    data?: unknown
    icon?: string | undefined
  }): Promise<void> {
    const { title, icon, ...options } = shown
    if (this.store.read().permission !== 'granted') return
    const worker = await this.#worker()
    await worker?.show(title, { ...options, ...(icon !== undefined && isSafeLink(icon) ? { icon } : {}) })
  }

  /** Closes those of items that need no attention any more. */
  async closeItems(picks: (id: string) => boolean): Promise<void> {
    if (this.store.read().permission !== 'granted') return
    await (await this.#worker())?.closeWhere((data) => {
      const { id } = asRecord(data)
      return typeof id === 'string' && picks(id)
    })
  }

  #look(): void {
    const permission = this.#port.permission()
    const isDenied = permission === 'denied'
    const isDue = this.#wasOpened && this.#port.now() >= this.#askAgainAt()
    const mayOffer = permission === 'default' && isDue
    this.store.change({ supported: true, permission, mayOffer, reason: isDenied ? 'denied' : undefined })
    if (permission === 'granted') void this.#lookForPush()
  }

  async #lookForPush(): Promise<void> {
    const worker = await this.#worker()
    const subscription = await worker?.subscription().catch(() => null)
    // Somebody may have subscribed meanwhile.
    if (subscription && this.store.read().pushState === 'off') this.store.change({ pushState: 'on' })
  }

  #worker(): Promise<Registration | undefined> {
    this.#registration ??= this.#port.register(this.#options.workerUrl ?? '/belfry-sw.js').catch(() => {
      // The app does not serve it: only a repair and a reload help.
      this.store.change({ reason: 'noWorker' })
      return undefined
    })
    return this.#registration
  }

  #askAgainAt(): number {
    try {
      return Number(this.#port.storage?.getItem(ASK_AGAIN_KEY) ?? 0) || 0
    } catch {
      return 0
    }
  }
}

const asRecord = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {}

/** The notifications of a provider. */
export const browserNotificationsOf: MakePart<BrowserNotifications> = ({ props }) =>
  new BrowserNotifications(props())
