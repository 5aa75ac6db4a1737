import type { BelfryClient, ClientState, Clock } from '@belfry/client'
import type { TabLeader } from '@belfry/client/tabs'
import type { Item } from '@belfry/protocol'
import { systemClock } from '../dates/system-clock.ts'
import type { TypeLook } from '../kit/KitContext.ts'
import type { BrowserNotifications } from './browser-notifications.ts'
import { MAX_AGE_MS, noiseOf } from './noise.ts'
import type { Sound } from './sound.ts'

/** A catch-up comes in pages, a round trip apart. */
const CATCH_UP_ENDS_MS = 1_000

export interface AttentionOptions {
  client: Pick<BelfryClient, 'onItem' | 'subscribe'> & {
    getSnapshot(): Pick<ClientState, 'items' | 'counts'>
  }
  leader: TabLeader
  /** Server time, in milliseconds since 1970. */
  now(): number
  schedule?: Clock['schedule'] | undefined
  lookOf(type: string): TypeLook
  /** What came before this was there to hear it. */
  early?: readonly Item[]
  /** Muted, or on screen already. */
  isQuiet?(item: Item): boolean
  sound: Pick<Sound, 'isReady' | 'play' | 'store'>
  browser: Pick<BrowserNotifications, 'showItem' | 'closeItems'>
  /** In the focused tab, once per item. */
  onToast(item: Item): void
  /** In the leader while no tab is focused, once per catch-up: so many came that are still unread. */
  onAway(count: number): void
}

/** Decides, for one tab, which noise a new item makes, so that each is made once on this device. */
export class Attention {
  readonly #options: AttentionOptions
  readonly #schedule: Clock['schedule']
  readonly #stops: readonly (() => void)[]
  #unread: number
  #away: Item[] = []
  #cancelAway = (): void => undefined

  constructor(options: AttentionOptions) {
    const { client, schedule = systemClock.schedule } = options
    this.#options = options
    this.#schedule = schedule
    this.#unread = client.getSnapshot().counts.unread
    this.#stops = [client.onItem((item) => this.#hear(item)), client.subscribe(() => this.#closeRead())]
    for (const item of options.early ?? []) this.#hear(item)
  }

  close(): void {
    for (const stop of this.#stops) stop()
    this.#cancelAway()
    this.#away = []
  }

  #hear(item: Item): void {
    const { leader, now, isQuiet, onToast } = this.#options
    if (item.readAt !== null) return
    const ageMs = now() - Date.parse(item.createdAt)
    // What follows old ones belongs to the same catch-up, however fresh.
    if (ageMs > MAX_AGE_MS || this.#away.length > 0) {
      this.#collect(item)
      return
    }
    const noise = noiseOf({ ...leader.getSnapshot(), ageMs, isQuiet: isQuiet?.(item) ?? false })
    if (noise.toast) onToast(item)
    if (noise.sound) void this.#ring(item)
    if (noise.os) void this.#notify(item)
  }

  async #ring({ id, type }: Item): Promise<void> {
    const { leader, lookOf, sound } = this.#options
    const { sound: tone = true } = lookOf(type)
    const isUnwanted = sound.store.read().onlyUnfocused && leader.getSnapshot().isFocused
    // Who could not ring anyway leaves the claim to others.
    if (tone === false || isUnwanted || !sound.isReady()) return
    if (await leader.claim(id, 'sound')) sound.play(tone === true ? undefined : tone)
  }

  async #notify(item: Item): Promise<void> {
    const { leader, browser } = this.#options
    if (await leader.claim(item.id, 'os')) await browser.showItem(item)
  }

  #collect(item: Item): void {
    this.#away.push(item)
    this.#cancelAway()
    this.#cancelAway = this.#schedule(() => void this.#tellAway(), CATCH_UP_ENDS_MS)
  }

  async #tellAway(): Promise<void> {
    const { client, leader, onAway } = this.#options
    const away = this.#away
    this.#away = []
    const { isLeader, isAnyFocused } = leader.getSnapshot()
    // Another device may have read some of them, which the same catch-up tells later.
    const read = new Set(
      client.getSnapshot().items.flatMap((item) => (item.readAt === null ? [] : [item.id])),
    )
    const unread = away.filter(({ id }) => !read.has(id))
    const last = unread.at(-1)
    if (!last || !isLeader || isAnyFocused) return
    if (await leader.claim(last.id, 'away')) onAway(unread.length)
  }

  /** What was read or deleted, here or elsewhere, needs no notification outside any more. */
  #closeRead(): void {
    const { client, leader, browser } = this.#options
    const { counts, items } = client.getSnapshot()
    const isLess = counts.unread < this.#unread
    this.#unread = counts.unread
    if (!isLess || !leader.getSnapshot().isLeader) return
    const unread = new Set(items.flatMap((item) => (item.readAt === null ? [item.id] : [])))
    void browser.closeItems((id) => !unread.has(id))
  }
}
