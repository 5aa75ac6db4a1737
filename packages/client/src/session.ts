import type { Cursor } from '@belfry/protocol'
import { Cache } from './cache.ts'
import { ClientFailure } from './client-failure.ts'
import type { Environment } from './environment.ts'
import { type LocalStore, withoutFailures } from './local-store.ts'
import type { Model } from './model.ts'
import type { Outbox } from './outbox.ts'
import type { QueuedChange } from './queued-change.ts'
import { SavedQueue } from './saved-queue.ts'

/** The user's own topic; ids hold no `:`. */
const USER_TOPIC = 'user:'
const SIGNED_OUT = 'signedOut:'

export interface SessionOptions {
  environment: Environment
  url: string
  isCached: boolean
  model: Model
  outbox(): Outbox
  /** The user has signed out in another tab. */
  onSignedOut(): void
}

/** Who the user is, and what this device keeps for them: the cache and the queue, under the user's name alone. */
export class Session {
  readonly #options: SessionOptions
  readonly #store: LocalStore | undefined
  readonly #origin: string
  #claimed: string | undefined
  #userId: string | undefined
  #cache: Cache | undefined
  #queue: SavedQueue | undefined
  #isClosed = false
  #unlisten: (() => void) | undefined

  constructor(options: SessionOptions) {
    this.#options = options
    const { environment, url } = options
    const { storage, clock } = environment
    this.#store = storage && withoutFailures(storage, clock)
    this.#origin = URL.canParse(url) ? new URL(url).origin : url
  }

  /** Hears from now on when the user signs out in another tab. */
  listen(): void {
    if (this.#isClosed) return
    this.#unlisten ??= this.#options.environment.tabs?.listen(this.#channel, (message) => {
      if (!message.startsWith(SIGNED_OUT)) return
      const userId = message.slice(SIGNED_OUT.length)
      const isOurs = userId === '' || this.#userId === undefined || this.#userId === userId
      if (isOurs) this.#options.onSignedOut()
    })
  }

  /** Who we say we are. Shows what is kept of that user; ends when it is read. */
  async claim(userId: string | undefined): Promise<void> {
    if (userId === undefined || userId === this.#claimed) return
    this.#claimed = userId
    await this.#become(userId)
  }

  /** Who the server says we are: nothing of anybody else stays. */
  confirm({ offsets }: Cursor): void {
    const topic = Object.keys(offsets).find((name) => name.startsWith(USER_TOPIC))
    if (topic !== undefined) void this.#become(topic.slice(USER_TOPIC.length))
  }

  keep(): void {
    this.#cache?.keep(this.#options.model.inbox)
  }

  flush(): void {
    this.#cache?.flush()
  }

  save(changes: readonly QueuedChange[]): void {
    this.#queue?.save(changes)
  }

  close(): void {
    this.#cache?.flush()
    this.#end()
  }

  tellSignedOut(): void {
    this.#options.environment.tabs?.tell(this.#channel, SIGNED_OUT + (this.#userId ?? ''))
  }

  /** Removes what the device keeps for the user, in whatever tab it was written; of every user when nobody is known. */
  async clear(): Promise<void> {
    const userId = this.#userId
    this.#cache?.drop()
    this.#end()
    const keys = (await this.#store?.keys()) ?? []
    const own = keys.filter((key) => {
      if (!key.startsWith(this.#prefix)) return false
      const [user, kind = 'queue'] = key.slice(this.#prefix.length).split(':')
      return kind === 'queue' && (userId === undefined || user === userId)
    })
    await Promise.all(own.map((key) => this.#store?.del(key)))
  }

  get #prefix(): string {
    return `belfry:1:${this.#origin}:`
  }

  get #channel(): string {
    return `belfry:${this.#origin}`
  }

  #end(): void {
    this.#isClosed = true
    this.#unlisten?.()
    this.#cache = undefined
    this.#queue?.close()
  }

  async #become(userId: string): Promise<void> {
    if (this.#isClosed || userId === this.#userId) return
    const { model, outbox } = this.#options
    if (this.#userId !== undefined) {
      this.#cache?.drop()
      this.#queue?.close()
      outbox().forget(new ClientFailure('unauthorized'))
      model.reset()
    }
    this.#userId = userId
    await this.#open(userId)
  }

  async #open(userId: string): Promise<void> {
    const { environment, isCached, model, outbox } = this.#options
    const { clock, newId, tabs } = environment
    const store = this.#store
    if (!store) return
    const key = this.#prefix + userId
    const cache = isCached ? new Cache(store, clock, key) : undefined
    const onTaken = (changes: QueuedChange[]) => outbox().take(changes)
    const queue = tabs && new SavedQueue({ store, tabs, clock, newId, prefix: `${key}:queue:`, onTaken })
    this.#cache = cache
    this.#queue = queue
    const kept = await cache?.read()
    if (this.#userId !== userId || this.#isClosed) return
    if (kept && model.inbox.cursor === undefined) model.update(kept)
    await queue?.open()
    // What was made before it was known for whom.
    if (this.#queue === queue) outbox().take([])
  }
}

/** The user that a JSON Web Token names. It is not verified, and only finds what the device has kept. */
export function subjectOf(token: string): string | undefined {
  try {
    const [, payload = ''] = token.split('.')
    const { sub } = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as { sub?: unknown }
    return typeof sub === 'string' && !sub.includes(':') ? sub : undefined
  } catch {
    return undefined
  }
}
