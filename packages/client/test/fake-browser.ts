import type { Fake } from '@belfry/testkit/client'
import { FakeWorld, settled } from '@belfry/testkit/client'
import { onTestFinished } from 'vitest'
import { createClientIn } from '../src/belfry-client.ts'
import type { TabLocks } from '../src/browser-tabs.ts'
import type { ClientOptions } from '../src/client-options.ts'
import type { LocalStore } from '../src/local-store.ts'

/** A token that names its user, as the client reads it. */
export const tokenOf = (userId: string): string => `e30.${btoa(JSON.stringify({ sub: userId }))}.sig`

export interface Page extends Fake {
  /** The page is gone, without a word from the client: a reload, or a closed tab. */
  leave(): Promise<void>
}

interface Place {
  isGone: boolean
  readonly untilGone: Promise<void>
}

/** What the pages of one origin share: a store, locks and channels. */
export class FakeBrowser {
  readonly kept = new Map<string, unknown>()
  /** Plain http has no locks. */
  hasLocks = true
  /** Whether the code that keeps anything can be loaded. */
  hasKeeping = true
  /** Takes the place of the store when it is broken. */
  broken: Partial<LocalStore> = {}
  readonly #locks = new Map<string, Promise<unknown>>()
  readonly #channels = new Set<{ name: string; hear: (message: unknown) => void }>()
  #ids = 0

  /** A page with a client that has asked for its first socket. */
  async open(options: Partial<ClientOptions> = {}, laterMs = 0): Promise<Page> {
    const world = new FakeWorld()
    await world.clock.advance(laterMs)
    const place = placeOf()
    world.newId = () => `id-of-page-${++this.#ids}`
    world.storage = this.#storeOf(place)
    const { loadKeeping } = world
    world.loadKeeping = async () => {
      if (!this.hasKeeping) throw new Error('no network')
      return loadKeeping()
    }
    world.tabs = {
      locks: this.hasLocks ? this.#locksOf(place) : undefined,
      openChannel: (name, onMessage) => this.#openChannel(place, name, onMessage),
    }
    const client = createClientIn(world, {
      url: 'http://belfry.test/app',
      getToken: () => tokenOf('ada'),
      ...options,
    })
    const heard: string[] = []
    client.onItem(({ title }) => heard.push(title))
    onTestFinished(async () => {
      client.close()
      await settled()
      if (!place.isGone && world.clock.size > 0) throw new Error('timers are left after close')
    })
    client.connect()
    await settled()
    return { world, client, heard, leave: () => place.leave() }
  }

  queues(): unknown[] {
    return [...this.kept].filter(([key]) => key.includes(':queue:')).map(([, value]) => value)
  }

  #storeOf(place: Place): LocalStore {
    const whole: LocalStore = {
      get: async (key) => structuredClone(this.kept.get(key)),
      set: async (key, value) => {
        const copy = structuredClone(value)
        if (!place.isGone) this.kept.set(key, copy)
      },
      del: async (key) => {
        if (!place.isGone) this.kept.delete(key)
      },
      keys: async () => [...this.kept.keys()],
    }
    return { ...whole, ...this.broken }
  }

  #locksOf(place: Place): TabLocks {
    return {
      request: (name, { signal }, run) => {
        const before = this.#locks.get(name) ?? Promise.resolve()
        const held = before.then(() =>
          place.isGone || signal?.aborted ? undefined : Promise.race([run({ name }), place.untilGone]),
        )
        this.#locks.set(name, held)
        return held
      },
    }
  }

  #openChannel(place: Place, name: string, onMessage: (message: unknown) => void) {
    const own = {
      name,
      hear: (message: unknown) => {
        if (!place.isGone && this.#channels.has(own)) onMessage(structuredClone(message))
      },
    }
    this.#channels.add(own)
    return {
      post: (message: unknown) => {
        for (const other of this.#channels) {
          if (other !== own && other.name === name) queueMicrotask(() => other.hear(message))
        }
      },
      close: () => void this.#channels.delete(own),
    }
  }
}

function placeOf() {
  let end = (): void => undefined
  const untilGone = new Promise<void>((resolve) => {
    end = resolve
  })
  const place = {
    isGone: false,
    untilGone,
    async leave() {
      place.isGone = true
      end()
      await settled()
    },
  }
  return place
}
