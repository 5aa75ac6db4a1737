/**
 * Own messages on their way: in each chat one after the other, as they were written.
 *
 *             ┌── answer, or its entry ───────► gone: the message is a row of the chat
 *   queued ──► sending ── refusal ────────────► failed ── retry ──► queued
 *     ▲         │                                  │
 *     │         └── no answer, or "later": waits   └── discard ──► gone
 *     └─────────────┘ and the chat waits with it
 *
 *   written over 24 h ago ──► failed, and the user decides
 */
import type { CommandReply, Message } from '@belfry/protocol'
import { handled } from '../changes.ts'
import { type ClientCode, ClientFailure } from '../client-failure.ts'
import type { Clock } from '../environment.ts'
import type { QueuedPost } from './queued-post.ts'

/** Source: chat-presence.md §7, Sending. */
const MAX_POSTS = 50
const OLD_MS = 24 * 60 * 60 * 1_000
const RETRY_MS = [1_000, 3_000, 10_000]
/** After those, for as long as it takes: as often as the line itself is tried. */
const LATER_MS = 30_000

export type Posted = CommandReply<'postMessage'>

export interface Waiting {
  readonly post: QueuedPost
  readonly status: 'queued' | 'sending' | 'failed'
  /** It was sent, and no answer came. */
  readonly isUnconfirmed: boolean
  /** Written so long ago that the user has to say whether it is still meant. */
  readonly isOld: boolean
  readonly failure: ClientFailure | undefined
  /** Tries without an answer that decides. */
  readonly tries: number
}

export interface PostQueueOptions {
  clock: Clock
  /** Server time, ISO 8601. */
  now(): string
  isReady(): boolean
  /** Why it is in vain to write now, if it is. */
  refusal(): ClientFailure | undefined
  /** One try. @throws ClientFailure */
  send(post: QueuedPost): Promise<Posted>
  onSave(posts: readonly QueuedPost[]): void
  onChange(): void
  /** The server has it; called before it goes from the queue. */
  onPosted(posted: Posted): void
  onRefused(chatId: string): void
}

interface Promised {
  resolve(posted: Posted): void
  reject(error: ClientFailure): void
}

/** A chat that is sending, or that pauses between two tries. */
interface Lane {
  cancel(): void
}

export class PostQueue {
  readonly #options: PostQueueOptions
  /** In the order in which they were written. */
  #waiting: readonly Waiting[] = []
  readonly #lanes = new Map<string, Lane>()
  readonly #promised = new Map<string, Promised>()

  constructor(options: PostQueueOptions) {
    this.#options = options
  }

  of(chatId: string): readonly Waiting[] {
    return this.#waiting.filter(({ post }) => post.chatId === chatId)
  }

  get posts(): readonly QueuedPost[] {
    return this.#waiting.map(({ post }) => post)
  }

  get oldCount(): number {
    return this.#waiting.filter(({ isOld }) => isOld).length
  }

  add(post: QueuedPost): Promise<Posted> {
    const isFull = this.#waiting.length >= MAX_POSTS
    const failure = this.#options.refusal() ?? (isFull ? new ClientFailure('queue_full') : undefined)
    if (failure) return handled(Promise.reject(failure))
    const posted = new Promise<Posted>((resolve, reject) => {
      this.#promised.set(post.clientId, { resolve, reject })
    })
    // Server time may be set back; what is written last is sent last all the same.
    const { at = '' } = this.#waiting.at(-1)?.post ?? {}
    this.take([at > post.at ? { ...post, at } : post])
    return handled(posted)
  }

  /** Posts of now, or from a page that is gone. */
  take = (posts: readonly QueuedPost[]): void => {
    const known = new Set(this.#waiting.map(({ post }) => post.clientId))
    const added = posts.filter(({ clientId }) => !known.has(clientId)).map(toWaiting)
    this.#change([...this.#waiting, ...added].sort((a, b) => timeOf(a) - timeOf(b)))
    for (const chatId of chatsOf(added)) this.#next(chatId)
  }

  /** The line is ready, and the client has caught up. */
  resume(): void {
    for (const chatId of chatsOf(this.#waiting)) this.#goOn(chatId)
  }

  /** A message of the user that the server has told: its echo, or a row of a page. */
  settle(message: Message): void {
    if (this.#find(message.clientId)?.post.chatId === message.chatId) {
      this.#done({ message, duplicate: false })
    }
  }

  retry(clientId: string): void {
    const waiting = this.#find(clientId)
    if (!waiting || waiting.status === 'sending') return
    const { refusal: _, ...post } = waiting.post
    const at = waiting.isOld ? this.#options.now() : post.at
    this.#set(waiting, toWaiting({ ...post, at }))
    this.#goOn(post.chatId)
  }

  discard(clientId: string): void {
    const waiting = this.#find(clientId)
    if (!waiting) return
    this.#remove(clientId)?.reject(waiting.failure ?? new ClientFailure('not_confirmed'))
    this.#goOn(waiting.post.chatId)
  }

  /** For another user, or at the end: what the device has kept stays there. */
  forget(failure: ClientFailure): void {
    for (const chatId of [...this.#lanes.keys()]) this.#free(chatId)
    this.#waiting = []
    for (const { reject } of this.#promised.values()) reject(failure)
    this.#promised.clear()
  }

  #find(clientId: string): Waiting | undefined {
    return this.#waiting.find(({ post }) => post.clientId === clientId)
  }

  #free(chatId: string): void {
    this.#lanes.get(chatId)?.cancel()
    this.#lanes.delete(chatId)
  }

  /** Whatever it waited for. */
  #goOn(chatId: string): void {
    this.#free(chatId)
    this.#next(chatId)
  }

  #next(chatId: string): void {
    if (!this.#options.isReady() || this.#lanes.has(chatId)) return
    this.#holdOld(chatId)
    const first = this.of(chatId).find(({ status }) => status !== 'failed')
    if (!first) return
    const lane: Lane = { cancel: () => undefined }
    this.#lanes.set(chatId, lane)
    this.#set(first, { ...first, status: 'sending' })
    this.#options.send(first.post).then(
      (posted) => this.#done(posted),
      (error: unknown) => {
        // Who has begun anew meanwhile has a lane of its own.
        if (this.#lanes.get(chatId) === lane) this.#failed(lane, first, error)
      },
    )
  }

  #failed(lane: Lane, { post, tries, isUnconfirmed }: Waiting, error: unknown): void {
    const { chatId } = post
    const failure = error instanceof ClientFailure ? error : new ClientFailure('internal')
    const waiting = this.#find(post.clientId)
    if (!waiting) return
    if (failure.isRetried || PAUSES.has(failure.code)) {
      const isUnknown = isUnconfirmed || failure.final !== failure
      const status = failure.final === failure || failure.code === 'disconnected' ? 'queued' : 'sending'
      this.#set(waiting, { ...waiting, status, tries: tries + 1, isUnconfirmed: isUnknown, failure })
    } else {
      const { code, message } = failure
      this.#set(waiting, toWaiting({ ...post, refusal: { code, message } }))
      this.#promised.get(post.clientId)?.reject(failure)
      this.#promised.delete(post.clientId)
      this.#options.onRefused(chatId)
    }
    if (PAUSES.has(failure.code)) this.#free(chatId)
    else if (!failure.isRetried) this.#goOn(chatId)
    else {
      const delayMs = Math.max(RETRY_MS[tries] ?? LATER_MS, failure.retryAfterMs ?? 0)
      lane.cancel = this.#options.clock.schedule(() => this.#goOn(chatId), delayMs)
    }
  }

  #holdOld(chatId: string): void {
    const oldest = Date.parse(this.#options.now()) - OLD_MS
    const isTooOld = (one: Waiting) =>
      one.post.chatId === chatId && one.status === 'queued' && timeOf(one) < oldest
    if (!this.#waiting.some(isTooOld)) return
    this.#change(
      this.#waiting.map((one) => (isTooOld(one) ? { ...one, status: 'failed', isOld: true } : one)),
    )
  }

  #done(posted: Posted): void {
    const { clientId, chatId } = posted.message
    if (!this.#find(clientId)) return
    this.#options.onPosted(posted)
    this.#remove(clientId)?.resolve(posted)
    this.#goOn(chatId)
  }

  #remove(clientId: string): Promised | undefined {
    this.#change(this.#waiting.filter(({ post }) => post.clientId !== clientId))
    const promised = this.#promised.get(clientId)
    this.#promised.delete(clientId)
    return promised
  }

  #set(before: Waiting, after: Waiting): void {
    this.#change(this.#waiting.map((one) => (one.post.clientId === before.post.clientId ? after : one)))
  }

  #change(waiting: readonly Waiting[]): void {
    const old = this.posts
    this.#waiting = waiting
    const now = this.posts
    if (old.length !== now.length || now.some((post, at) => post !== old[at])) this.#options.onSave(now)
    this.#options.onChange()
  }
}

/** Only a line, or a sign-in, helps. */
const PAUSES: ReadonlySet<ClientCode> = new Set<ClientCode>(['disconnected', 'unauthorized', 'closed'])

const timeOf = ({ post }: Waiting): number => Date.parse(post.at)

const chatsOf = (waiting: readonly Waiting[]) => new Set(waiting.map(({ post }) => post.chatId))

function toWaiting(post: QueuedPost): Waiting {
  const { refusal } = post
  // A code that this version does not know is still the server's refusal.
  const failure = refusal && new ClientFailure(refusal.code as ClientCode, { message: refusal.message })
  const status = refusal ? 'failed' : 'queued'
  return { post, status, isUnconfirmed: false, isOld: false, failure, tries: 0 }
}
