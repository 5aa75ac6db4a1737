import type { ChatCounts, Entry, Message, NoticeFrame, Presence, TypingFrame } from '@belfry/protocol'
import { ClientFailure } from '../client-failure.ts'
import type { Host } from '../host.ts'
import type { Applied } from '../inbox.ts'
import { KeptQueue } from '../kept-queue.ts'
import type { WireFrame } from '../line.ts'
import { Listeners } from '../listeners.ts'
import { ChatCache } from './chat-cache.ts'
import { ChatDirectory } from './chat-directory.ts'
import type { ChatFilter } from './chat-facts.ts'
import { type ChatList, chatOf } from './chat-list.ts'
import { type ChatSettings, createShelves } from './chat-shelves.ts'
import type { ChatStore } from './chat-store.ts'
import { OnceOnly } from './once-only.ts'
import { type Posted, PostQueue } from './post-queue.ts'
import { PresenceWatch } from './presence-watch.ts'
import { isQueuedPost, type QueuedPost, toCommand } from './queued-post.ts'
import type { Shelf } from './shelf.ts'
import type { Typing } from './typing.ts'
import { Whereabouts } from './whereabouts.ts'

/** Puts the parts of the chat together: entries, frames and the state of the line in, questions out. */
export class ChatClient {
  readonly changed = new Listeners<void>()
  readonly notices = new Listeners<NoticeFrame>()
  readonly messages = new Listeners<Message>()
  readonly host: Host
  readonly settings: ChatSettings
  readonly directory: ChatDirectory
  readonly cache: ChatCache
  readonly queue: PostQueue
  readonly presence: PresenceWatch
  readonly stores: Shelf<string, ChatStore>
  readonly lists: Shelf<ChatFilter, ChatList>
  readonly typing: Shelf<string, Typing>
  readonly #whereabouts: Whereabouts
  readonly #stops: readonly (() => void)[]
  readonly #once = new OnceOnly()
  #kept: KeptQueue<QueuedPost> | undefined
  #userId: string | undefined
  #isReady = false
  #isClosed = false
  #hasBlocks = false
  /** Entries are being applied: what they change is shown when all of them are. */
  #isApplying = false

  constructor(host: Host, settings: ChatSettings) {
    this.host = host
    this.settings = settings
    const { clock, device } = host.environment
    const { isReady } = this
    this.directory = new ChatDirectory(() => this.look())
    this.cache = new ChatCache({ host, directory: this.directory })
    this.queue = this.#createQueue()
    this.presence = new PresenceWatch({
      clock,
      isReady,
      ask: (event, userIds) => host.ask(event, { userIds }),
    })
    this.#whereabouts = new Whereabouts({
      clock,
      attention: settings.attention,
      isReady,
      tell: this.tell,
      onIdle: (isIdle) => {
        host.isIdle = isIdle
      },
      onFocus: () => this.#onFocus(),
    })
    const { lists, stores, typing } = createShelves(this, () => this.#loadBlocks())
    this.lists = lists
    this.stores = stores
    this.typing = typing
    this.#stops = [
      host.changed.add(() => this.#follow(device.isHidden())),
      host.applied.add((applied) => this.#apply(applied)),
      host.frames.add((frame) => this.#receive(frame)),
    ]
    this.#follow(device.isHidden())
  }

  get userId(): string | undefined {
    return this.host.session.userId
  }

  isReady = (): boolean => this.host.connection.isReady

  /** About what is going on now: once, and nothing hangs on it. */
  tell = (event: string, payload: unknown): void => {
    if (this.isReady()) this.host.ask(event, payload).catch(() => undefined)
  }

  /** Something that is shown may have changed. */
  look(): void {
    if (this.#isApplying) return
    for (const list of this.lists.all) list.look()
    for (const store of this.stores.all) store.look()
    this.cache.touch()
    this.changed.tell()
  }

  /** The chat that was activated last and is still active is the one in front of the user. */
  activate(store: ChatStore, isActive: boolean): void {
    store.activate(isActive)
    const front = isActive ? store : this.stores.all.findLast((one) => one.isActive)
    this.#whereabouts.setChat(front?.chatId ?? null)
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    for (const stop of this.#stops) stop()
    for (const shelf of [this.stores, this.lists, this.typing]) shelf.close()
    this.queue.forget(new ClientFailure('closed'))
    this.presence.close()
    this.#whereabouts.close()
    this.#kept?.close()
    this.cache.flush()
    this.cache.close()
  }

  #createQueue(): PostQueue {
    const { host } = this
    return new PostQueue({
      clock: host.environment.clock,
      now: host.now,
      isReady: this.isReady,
      refusal: () => (this.#isClosed ? new ClientFailure('closed') : host.refusal()),
      // The reply has the shape of the command's row.
      send: (post) => host.ask('postMessage', toCommand(post)) as Promise<Posted>,
      onSave: (posts) => void this.#kept?.save(posts),
      onChange: () => this.look(),
      onPosted: ({ message, policyNotice }) => {
        const store = this.stores.get(message.chatId)
        if (policyNotice !== undefined) store?.locals.policyNotices.set(message.id, policyNotice)
        store?.reading.put(message, true)
      },
      // What may be done is not what it was, or it would not have been tried.
      onRefused: (chatId) => this.stores.get(chatId)?.refreshFacts(),
    })
  }

  /** The line came or went, or the user is another one. */
  #follow(isHidden: boolean): void {
    if (this.host.refusal()?.code === 'closed') {
      this.close()
      return
    }
    if (this.#userId !== this.userId) this.#become()
    const isReady = this.isReady()
    if (isReady === this.#isReady) return
    this.#isReady = isReady
    if (isReady) this.#resume(isHidden)
    this.look()
  }

  #resume(isHidden: boolean): void {
    this.#whereabouts.resume(isHidden)
    for (const store of this.stores.all) store.resume()
    for (const list of this.lists.all) list.resume()
    this.presence.resume()
    this.queue.resume()
    if (this.stores.all.length + this.lists.all.length > 0) this.#loadBlocks()
  }

  #become(): void {
    const { host, userId } = this
    const { clock, newId, storage: store, tabs } = host.environment
    const isOther = this.#userId !== undefined
    this.#userId = userId
    this.#kept?.close()
    this.cache.close()
    if (isOther) {
      this.queue.forget(new ClientFailure('unauthorized'))
      this.directory.clear()
      this.presence.clear()
      this.#startOver()
    }
    void this.cache.open(({ chats, total, windows }) => {
      if (this.#isReady) return
      for (const chat of chats) this.directory.put(chat, [], true)
      this.directory.takeCounts({ chats: {}, total })
      for (const [chatId, kept] of windows) this.stores.get(chatId)?.showKept(kept)
    })
    if (!store || !this.settings.isQueueKept) return
    const queue = { locks: tabs?.locks, id: newId(), isOne: isQueuedPost, onTaken: this.queue.take }
    this.#kept = new KeptQueue({ store, clock, key: `${host.session.key}:chats`, ...queue })
    // What was written before it was known for whom.
    void this.#kept.save(this.queue.posts)
  }

  /** What the log has told so far does not hold any more. */
  #startOver(): void {
    for (const store of this.stores.all) store.reload()
    for (const list of this.lists.all) list.reset()
    if (this.#hasBlocks) {
      this.#hasBlocks = false
      this.#loadBlocks()
    }
  }

  #loadBlocks(): void {
    if (this.#hasBlocks || !this.isReady()) return
    this.#hasBlocks = true
    this.host.commands.run('listBlocks', {}).then(
      ({ userIds }) => this.directory.setBlocked(userIds),
      () => {
        this.#hasBlocks = false
      },
    )
  }

  #apply({ isSnapshot, entries }: Applied): void {
    this.#isApplying = true
    if (isSnapshot) this.#startOver()
    for (const entry of entries) {
      try {
        this.#hear(entry)
      } catch {
        // Data in a shape that this version does not know: what is asked anew is right.
        this.#startOver()
      }
    }
    this.#isApplying = false
    this.look()
  }

  #hear(entry: Entry): void {
    const chatId = chatOf(entry)
    const isUnknown = this.directory.hear(entry, chatId)
    // Unread numbers of all chats change with a block, and who has come to a chat is told nothing else of it.
    const isBlock = entry.kind === 'user.blocked' || entry.kind === 'user.unblocked'
    if (isUnknown || isBlock) for (const list of this.lists.all) list.refresh()
    if (isBlock) for (const store of this.stores.all) store.hear(entry)
    if (chatId === undefined) return
    if (entry.kind === 'chat.left') this.cache.forget(chatId)
    this.stores.get(chatId)?.hear(entry)
    if (entry.kind !== 'message.posted') return
    const { data: message } = entry
    const { senderId } = message
    if (senderId === this.userId) {
      this.queue.settle(message)
      return
    }
    if (senderId !== null) this.typing.get(chatId)?.sent(senderId)
    const isBlocked = senderId !== null && this.directory.blocked.has(senderId)
    if (!isBlocked && this.#once.take(message.id)) this.messages.tell(message)
  }

  #receive({ direction, event, payload }: WireFrame): void {
    if (direction !== 'in') return
    // The server's frames are typed by the protocol; events of other names are for others.
    if (event === 'typing') {
      const frame = payload as TypingFrame
      this.typing.get(frame.chatId)?.show(frame)
    } else if (event === 'presence') this.presence.take((payload as { changes: Presence[] }).changes)
    else if (event === 'chatCounts') this.directory.takeCounts(payload as ChatCounts)
    else if (event === 'notice') this.#notice(payload as NoticeFrame)
  }

  #notice(notice: NoticeFrame): void {
    this.directory.takeNotice(notice)
    if (this.#once.take(`notice ${notice.messageId}`)) this.notices.tell(notice)
  }

  #onFocus(): void {
    for (const store of this.stores.all) store.reports.look()
    if (!this.settings.attention.isFocused()) this.cache.flush()
  }
}
