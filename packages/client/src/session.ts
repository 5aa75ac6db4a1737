import type { Cursor } from '@belfry/protocol'
import type { TabChannel } from './browser-tabs.ts'
import { ClientFailure } from './client-failure.ts'
import type { Environment } from './environment.ts'
import type { Inbox } from './inbox.ts'
import type { KeptQueue } from './kept-queue.ts'
import type { LocalCopy } from './local-copy.ts'
import { type LocalStore, quietly } from './local-store.ts'
import type { Model } from './model.ts'
import type { Outbox } from './outbox.ts'
import type { QueuedChange } from './queued-change.ts'

/** Of a user's own topic; ids hold no `:`. */
const USER_TOPIC = 'user:'

/** As long as the network may take to come back. */
const LOAD_AGAIN_MS = 3_000

export interface SessionOptions {
  environment: Environment
  url: string
  isCached: boolean
  model: Model
  outbox(): Outbox
  /** The user has signed out in another tab. */
  onSignedOut(): void
}

/** Who the user is, and what this device keeps for them and for nobody else. */
export class Session {
  /** Undefined while nobody is known, where nothing can be kept, until its code is there, and after the end. */
  copy: LocalCopy<Inbox> | undefined
  queue: KeptQueue<QueuedChange> | undefined
  /** Undefined until a token or the server has said it. */
  userId: string | undefined
  readonly #options: SessionOptions
  readonly #origin: string
  #claimed: string | undefined
  #channel: TabChannel | undefined
  #isEnded = false
  #cancelAgain = (): void => undefined

  constructor(options: SessionOptions) {
    this.#options = options
    const { url } = options
    this.#origin = URL.canParse(url) ? new URL(url).origin : url
  }

  /** Hears from now on when the user signs out in another tab. */
  open(): void {
    const { environment, onSignedOut } = this.#options
    if (this.#isEnded) return
    this.#channel ??= environment.tabs?.openChannel(`belfry:${this.#origin}`, (message) => {
      const { signedOut } = message as { signedOut?: string | null }
      if (signedOut === null || signedOut === this.userId) onSignedOut()
    })
  }

  /** Who we say we are: shows what is kept of that user. */
  claim(userId: string | undefined): void {
    if (userId === undefined || userId === this.#claimed) return
    this.#claimed = userId
    this.#become(userId)
  }

  /** Who the server says we are: nothing of anybody else stays. */
  confirm({ offsets }: Cursor): void {
    const topic = Object.keys(offsets).find((name) => name.startsWith(USER_TOPIC))
    if (topic) this.#become(topic.slice(USER_TOPIC.length))
  }

  end(): void {
    this.#isEnded = true
    this.#channel?.close()
    this.forget()
  }

  /** What is not kept by now is not kept any more. */
  forget(): void {
    this.#cancelAgain()
    this.copy?.close()
    this.queue?.close()
    this.copy = undefined
    this.queue = undefined
  }

  tellSignedOut(): void {
    // Who does not know for whom it is signs everybody out.
    this.#channel?.post({ signedOut: this.userId ?? null })
  }

  /** Removes what any tab has kept for the user; for every user, when it is not known which. */
  async clear(): Promise<void> {
    const { storage } = this.#options.environment
    try {
      const keys = (await storage?.keys()) ?? []
      await Promise.all(keys.filter((key) => this.#isOurs(key)).map((key) => storage?.del(key)))
    } catch {
      // A broken store is an empty one.
    }
  }

  /** Of what this device keeps for the user. */
  get key(): string {
    return this.#prefix + this.userId
  }

  get #prefix(): string {
    return `belfry:1:${this.#origin}:`
  }

  #isOurs(key: string): boolean {
    if (!key.startsWith(this.#prefix)) return false
    const [user, kind = 'queue'] = key.slice(this.#prefix.length).split(':')
    return /^(queue|chats)$/.test(kind) && (this.userId ?? user) === user
  }

  #become(userId: string): void {
    if (this.#isEnded || userId === this.userId) return
    const { environment, model, outbox } = this.#options
    this.forget()
    if (this.userId !== undefined) {
      outbox().forget(new ClientFailure('unauthorized'))
      model.reset()
    }
    this.userId = userId
    if (environment.storage) void this.#keep(environment.storage)
  }

  /** Whoever is known: what is made before this has come is kept then. */
  async #keep(store: LocalStore): Promise<void> {
    const { environment, model, outbox, isCached } = this.#options
    const { key } = this
    const code = await quietly(environment.loadKeeping())
    if (this.#isEnded || key !== this.key) return
    if (!code) {
      this.#cancelAgain = environment.clock.schedule(() => void this.#keep(store), LOAD_AGAIN_MS)
      return
    }
    const onTaken = outbox().take
    const { queue, copy } = code.keepFor({ environment, store, key, isCached, onTaken })
    this.queue = queue
    this.copy = copy
    outbox().take([])
    if (model.inbox.cursor) copy?.keep(model.inbox)
    const kept = await copy?.read()
    if (kept && this.copy === copy && !model.inbox.cursor) model.update(kept)
  }
}

/** The user that a JSON Web Token names. It is not verified: it only finds what the device has kept. */
export function subjectOf(token: string): string | undefined {
  try {
    const payload = token.split('.')[1] ?? ''
    const { sub } = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as { sub?: unknown }
    return typeof sub === 'string' ? sub : undefined
  } catch {
    return undefined
  }
}
