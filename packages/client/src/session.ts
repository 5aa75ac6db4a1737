import type { Cursor } from '@belfry/protocol'
import type { TabChannel } from './browser-tabs.ts'
import { fromCached, toCached } from './cached-inbox.ts'
import { ClientFailure } from './client-failure.ts'
import type { Environment } from './environment.ts'
import type { Inbox } from './inbox.ts'
import { KeptQueue } from './kept-queue.ts'
import { LocalCopy } from './local-copy.ts'
import type { Model } from './model.ts'
import type { Outbox } from './outbox.ts'
import { isQueuedChange, type QueuedChange } from './queued-change.ts'

/** Of a user's own topic; ids hold no `:`. */
const USER_TOPIC = 'user:'

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
  /** Undefined while nobody is known, where nothing can be kept, and after the end. */
  copy: LocalCopy<Inbox> | undefined
  queue: KeptQueue<QueuedChange> | undefined
  /** Undefined until a token or the server has said it. */
  userId: string | undefined
  readonly #options: SessionOptions
  readonly #origin: string
  #claimed: string | undefined
  #channel: TabChannel | undefined
  #isEnded = false

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
    this.copy = undefined
  }

  /** What is not kept by now is not kept any more. */
  forget(): void {
    this.copy?.close()
    this.queue?.close()
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
    const { environment, model, outbox, isCached } = this.#options
    const { clock, newId, storage: store, tabs } = environment
    this.forget()
    if (this.userId !== undefined) {
      outbox().forget(new ClientFailure('unauthorized'))
      model.reset()
    }
    this.userId = userId
    if (!store) return
    const { key } = this
    this.queue = new KeptQueue({
      store,
      clock,
      key,
      locks: tabs?.locks,
      id: newId(),
      isOne: isQueuedChange,
      onTaken: outbox().take,
    })
    if (isCached) {
      const copy = new LocalCopy({ store, clock, key, write: toCached, read: fromCached })
      this.copy = copy
      void copy.read().then((kept) => {
        if (kept && this.copy === copy && !model.inbox.cursor) model.update(kept)
      })
    }
    // What was made before it was known for whom.
    outbox().take([])
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
