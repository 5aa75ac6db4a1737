import type { TabChannel, TabLocks } from './browser-tabs.ts'
import { ClaimLedger } from './claim-ledger.ts'
import { Listeners } from './listeners.ts'
import { systemTabSurroundings, type TabSurroundings } from './tab-surroundings.ts'

/** How long a lease or a word about focus holds without being renewed. Source: ui.md §5, Leader. */
const LEASE_MS = 2_000
/** Twice per lease, so that one late beat loses nothing. */
const BEAT_MS = LEASE_MS / 2
/** What is older makes no noise, so nobody claims it later (ui.md §5); by then every tab reads the ledger's new state. */
const CLAIM_HELD_MS = 10_000

export interface TabState {
  /** One tab per device and name; without storage and locks, every tab. */
  readonly isLeader: boolean
  readonly isFocused: boolean
  /** This tab or another one of the same name on this device. */
  readonly isAnyFocused: boolean
  readonly mode: 'locks' | 'channel' | 'none'
}

/** Agrees with the other tabs of this device about who makes noise. All methods work without `this`. */
export interface TabLeader {
  /** The same object while nothing has changed. */
  getSnapshot(): TabState
  /** Calls after every change; answers what stops it. */
  subscribe(listener: () => void): () => void
  /** True for the first tab that claims this id for this kind of noise. */
  claim(id: string, kind: string): boolean | Promise<boolean>
  /** Says goodbye: another tab leads, and claims that wait are lost. */
  close(): void
}

type Message =
  | { about: 'focus'; tab: string; isFocused: boolean }
  | { about: 'claim'; tab: string; id: string; kind: string }
  | { about: 'answer'; tab: string; id: string; kind: string; isGranted: boolean }

interface Waiting {
  id: string
  kind: string
  resolve(isGranted: boolean): void
}

interface Lease {
  tab: string
  until: number
}

/**
 * Joins the tabs of this device that share the name, such as a user's id. Only for browsers.
 * @example
 * import { createTabLeader } from '@belfry/client/tabs'
 * const leader = createTabLeader('ada')
 * if (leader.getSnapshot().isLeader && (await leader.claim('item-1', 'sound'))) console.log('ding')
 */
export function createTabLeader(name: string): TabLeader {
  return createTabLeaderIn(systemTabSurroundings(), name)
}

/** @internal The leader over given surroundings. */
export function createTabLeaderIn(surroundings: TabSurroundings, name: string): TabLeader {
  const tab = new Tab(surroundings, name)
  return {
    getSnapshot: () => tab.read(),
    subscribe: (listener) => tab.changed.add(listener),
    claim: (id, kind) => tab.claim(id, kind),
    close: () => tab.close(),
  }
}

/**
 *   locks:    wait for the lock ──granted──► lead until closed; the browser gives it on
 *   channel:  wait ──lease is free: write ours──► candidate ──still ours a beat later──► lead
 *               ▲                                                                          │
 *               └──────────────────────── lease is another's ──────────────────────────────┘
 *   none:     lead
 */
class Tab {
  readonly changed = new Listeners<void>()
  readonly #surroundings: TabSurroundings
  readonly #name: string
  readonly #tab: string
  readonly #ledger: ClaimLedger
  readonly #channel: TabChannel | undefined
  readonly #closing = new AbortController()
  readonly #waiting = new Map<string, Waiting>()
  readonly #unwatch: () => void
  #cancelBeat = (): void => undefined
  #mode: TabState['mode'] = 'locks'
  #isLeader = false
  #other: Lease = { tab: '', until: 0 }
  #state: TabState | undefined
  #told: TabState | undefined

  constructor(surroundings: TabSurroundings, name: string) {
    const { locks, storage, newId, openChannel, watch } = surroundings
    this.#surroundings = surroundings
    this.#name = `belfry:leader:${name}`
    this.#tab = newId()
    this.#ledger = new ClaimLedger(storage, `belfry:ledger:${name}:`)
    // The channel carries what came from a tab of ours.
    this.#channel = openChannel(this.#name, (message) => this.#hear(message as Message))
    this.#unwatch = watch(
      () => this.#tellFocus(this.#isFocused()),
      () => this.#leave(),
    )
    if (locks) this.#waitForLock(locks)
    else this.#leadWithoutLocks()
    this.#beat()
  }

  read(): TabState {
    const isFocused = this.#isFocused()
    const isAnyFocused = isFocused || this.#other.until > this.#surroundings.clock.now()
    const now = { isLeader: this.#isLeader, isFocused, isAnyFocused, mode: this.#mode }
    if (!this.#state || !isEqual(now, this.#state)) this.#state = now
    return this.#state
  }

  claim(id: string, kind: string): boolean | Promise<boolean> {
    const { locks } = this.#surroundings
    if (this.#mode === 'locks' && locks) return this.#claimByLock(locks, id, kind)
    if (this.#mode === 'none' || this.#isHolder()) return this.#ledger.take(id, kind)
    const key = `${kind}:${id}`
    if (this.#waiting.has(key)) return false
    return new Promise((resolve) => {
      this.#waiting.set(key, { id, kind, resolve })
      this.#post({ about: 'claim', tab: this.#tab, id, kind })
    })
  }

  close(): void {
    this.#unwatch()
    this.#cancelBeat()
    this.#leave()
    this.#closing.abort()
    for (const { resolve } of this.#waiting.values()) resolve(false)
    this.#channel?.close()
  }

  #isFocused = (): boolean => this.#surroundings.isFocused()

  #waitForLock(locks: TabLocks): void {
    const { signal } = this.#closing
    const untilClosed = new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve())
    })
    const lead = () => {
      this.#isLeader = true
      this.#tell()
      return untilClosed
    }
    locks.request(this.#name, { signal }, lead).catch(() => {
      // Refused altogether, as in a sandboxed frame.
      if (!signal.aborted) this.#leadWithoutLocks()
    })
  }

  /** The lock outlives the slow way that a write to the storage takes to the other tabs. */
  #claimByLock(locks: TabLocks, id: string, kind: string): Promise<boolean> {
    return new Promise((resolve) => {
      const decide = (lock: unknown) => {
        const isGranted = lock !== null && this.#ledger.take(id, kind)
        resolve(isGranted)
        return isGranted ? this.#hold() : undefined
      }
      const request = locks.request(`${this.#name}:${kind}:${id}`, { ifAvailable: true }, decide)
      request.catch(() => resolve(this.#ledger.take(id, kind)))
    })
  }

  #hold(): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#surroundings.clock.schedule(resolve, CLAIM_HELD_MS)
      this.#closing.signal.addEventListener('abort', () => {
        cancel()
        resolve()
      })
    })
  }

  #leadWithoutLocks(): void {
    this.#mode = this.#channel && this.#surroundings.storage ? 'channel' : 'none'
    this.#isLeader = this.#mode === 'none'
    this.#tell()
  }

  #beat(): void {
    if (this.#mode === 'channel') this.#renew()
    if (this.#isFocused()) this.#tellFocus(true)
    else this.#tell()
    this.#cancelBeat = this.#surroundings.clock.schedule(() => this.#beat(), BEAT_MS)
  }

  /** Two tabs that take a free lease at once both write; the one that still finds its own a beat later leads. */
  #renew(): void {
    const { clock, storage } = this.#surroundings
    const { tab, until } = this.#readLease()
    const isOurs = tab === this.#tab
    this.#isLeader = isOurs
    if (isOurs || until <= clock.now()) {
      try {
        storage?.setItem(this.#name, JSON.stringify({ tab: this.#tab, until: clock.now() + LEASE_MS }))
      } catch {
        this.#mode = 'none'
        this.#isLeader = true
      }
    }
    for (const [key, { id, kind, resolve }] of this.#waiting) {
      if (!this.#isLeader) this.#post({ about: 'claim', tab: this.#tab, id, kind })
      else if (this.#waiting.delete(key)) resolve(this.#ledger.take(id, kind))
    }
  }

  /** A background tab's beats may be late by a minute, and another tab lead meanwhile. */
  #isHolder(): boolean {
    return this.#isLeader && this.#readLease().tab === this.#tab
  }

  #readLease(): Lease {
    try {
      const lease: unknown = JSON.parse(this.#surroundings.storage?.getItem(this.#name) ?? 'null')
      if (lease) return lease as Lease
    } catch {
      // Written by somebody else: free.
    }
    return { tab: '', until: 0 }
  }

  #hear(message: Message): void {
    const { tab } = message
    if (message.about === 'focus') {
      const { clock } = this.#surroundings
      if (message.isFocused) this.#other = { tab, until: clock.now() + LEASE_MS }
      else if (this.#other.tab === tab) this.#other.until = 0
      this.#tell()
      return
    }
    const { id, kind } = message
    if (message.about === 'claim') {
      if (!this.#isHolder()) return
      this.#post({ about: 'answer', tab, id, kind, isGranted: this.#ledger.take(id, kind) })
    } else if (tab === this.#tab) {
      const key = `${kind}:${id}`
      this.#waiting.get(key)?.resolve(message.isGranted)
      this.#waiting.delete(key)
    }
  }

  #leave(): void {
    this.#tellFocus(false)
    if (this.#mode === 'channel' && this.#readLease().tab === this.#tab) {
      this.#surroundings.storage?.removeItem(this.#name)
    }
  }

  #tellFocus(isFocused: boolean): void {
    this.#post({ about: 'focus', tab: this.#tab, isFocused })
    this.#tell()
  }

  #post(message: Message): void {
    this.#channel?.post(message)
  }

  #tell(): void {
    const state = this.read()
    if (state === this.#told) return
    this.#told = state
    this.changed.tell()
  }
}

const isEqual = (a: TabState, b: TabState): boolean =>
  a.isLeader === b.isLeader &&
  a.isFocused === b.isFocused &&
  a.isAnyFocused === b.isAnyFocused &&
  a.mode === b.mode
