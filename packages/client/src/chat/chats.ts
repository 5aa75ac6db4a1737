import type { Chat, CommandInput, CommandReply, Media, Message, NoticeFrame } from '@belfry/protocol'
import type { BelfryClient } from '../belfry-client.ts'
import { handled } from '../changes.ts'
import { type Attention, pageAttention } from './attention.ts'
import { ChatClient } from './chat-client.ts'
import type { ChatTotal } from './chat-directory.ts'
import type { ChatFilter } from './chat-facts.ts'
import type { ChatListState } from './chat-list.ts'
import { type ChatView, openView } from './chat-view.ts'
import { type MediaAddress, MediaLinks } from './media-links.ts'
import {
  createOwnPresence,
  createPresenceView,
  type OwnPresence,
  type PresenceView,
} from './presence-view.ts'
import { type UploadOptions, upload } from './upload.ts'

export interface ChatOptions {
  /** Messages per page; 30 without it, 100 at most. */
  pageSize?: number
  /** `visible`: what was on screen while somebody looked, and without it; `manual`: what `markRead` says. */
  markRead?: 'visible' | 'manual'
  /** Others are not told what was read. */
  privateReads?: boolean
  /** Whether unsent messages survive a reload; so without it. */
  offlineQueue?: boolean
  /** For tests: whether somebody sits before the page. */
  attention?: Attention
}

/** What is true of all chats together. Never changed in place. */
export interface ChatsState {
  /** Undefined until a token or the server has said it. */
  readonly userId: string | undefined
  /** The server's numbers, over all chats that are neither muted nor hidden. */
  readonly total: ChatTotal
  /** What these say in groups is shown collapsed. */
  readonly blockedUserIds: ReadonlySet<string>
  /** Own messages that have waited for over 24 hours, for `retry` or `discard`. */
  readonly oldPosts: number
  /** The line has caught up. */
  readonly isReady: boolean
}

/** A list that keeps itself up to date until it is closed. */
export interface ChatListView {
  getSnapshot(): ChatListState
  /** Calls after every change; answers what stops it. */
  subscribe(listener: () => void): () => void
  fetchMore(): Promise<void>
  /** Reads anew what was read. */
  refresh(): void
  close(): void
}

type Input<N extends Parameters<ChatClient['host']['commands']['run']>[0]> = CommandInput<N>
type Without<T, K extends PropertyKey> = Omit<T, K | 'idempotencyKey' | 'userId' | 'userIds' | 'chatId'>

/**
 * A user's chats, over the line of a client. All methods work without `this`. What a promise rejects with is a
 * `ClientFailure`; nobody has to wait for one.
 */
export interface Chats {
  getSnapshot(): ChatsState
  subscribe(listener: () => void): () => void
  /** The chats that fit, the latest first. Close it after use. */
  list(filter?: ChatFilter): ChatListView
  /** One chat with its messages. Close it after use. */
  open(chatId: string): ChatView
  /** Whether these people are there. Close it after use. */
  presence(userIds: readonly string[]): PresenceView
  /** Whether the others see the user as being there. */
  me: OwnPresence
  /** The same direct chat for the same two people, else a new one. */
  create(input: Omit<Input<'createChat'>, 'idempotencyKey'>): Promise<Chat>
  update(chatId: string, changes: Without<Input<'updateChat'>, never>): Promise<Chat>
  leave(chatId: string): Promise<void>
  setPrefs(chatId: string, prefs: Without<Input<'setChatPrefs'>, never>): Promise<void>
  /** Nothing is reported as read until the user comes back to the chat. */
  markUnread(chatId: string, fromSeq: number): Promise<void>
  addMembers(
    chatId: string,
    userIds: readonly string[],
    as?: Without<Input<'addMembers'>, never>,
  ): Promise<void>
  updateMembers(
    chatId: string,
    userIds: readonly string[],
    changes: Without<Input<'updateMembers'>, never>,
  ): Promise<void>
  removeMembers(
    chatId: string,
    userIds: readonly string[],
    options?: Without<Input<'removeMembers'>, never>,
  ): Promise<void>
  block(userId: string): Promise<void>
  unblock(userId: string): Promise<void>
  search(input: Input<'searchMessages'>): Promise<CommandReply<'searchMessages'>>
  report(input: Omit<Input<'reportMessage'>, 'idempotencyKey'>): Promise<void>
  /** Addresses of a file and its small picture, good for an `img` and for the next minutes. */
  link(mediaId: string): Promise<MediaAddress>
  /** Sends a file, to be attached to a message. */
  upload(file: Blob, options?: UploadOptions): Promise<Media>
  /** Calls once per message that may make noise; who rings for the whole device is for `createTabLeader`. */
  onNotice(listener: (notice: NoticeFrame) => void): () => void
  /** Calls once per new message of somebody else who is not blocked, live or caught up with. */
  onMessage(listener: (message: Message) => void): () => void
  /** Ends everything but the client; happens by itself when that closes. */
  close(): void
}

/**
 * The chats of a client's user. Nothing is asked before something is listed, opened or watched.
 * @example
 * import { createClient } from '@belfry/client'
 * import { createChats } from '@belfry/client/chat'
 * const client = createClient({ url: 'http://localhost:4000', getToken: () => 'token' })
 * const chats = createChats(client)
 * const chat = chats.open('some-chat')
 * chat.subscribe(() => console.log(chat.getSnapshot().messages.length))
 * client.connect()
 * void chat.send({ content: 'Hello' })
 */
export function createChats(client: BelfryClient, options: ChatOptions = {}): Chats {
  const { pageSize = 30, markRead = 'visible', privateReads = false, offlineQueue = true } = options
  const attention = options.attention ?? pageAttention()
  const settings = { pageSize, markRead, privateReads, isQueueKept: offlineQueue, attention }
  const chats = client.extend((host) => new ChatClient(host, settings))
  return { ...viewsOf(chats), ...commandsOf(chats), close: () => chats.close() }
}

function viewsOf(chats: ChatClient) {
  let state: ChatsState | undefined
  const read = (): ChatsState => {
    const { directory, queue, userId } = chats
    return {
      userId,
      total: directory.total,
      blockedUserIds: directory.blocked,
      oldPosts: queue.oldCount,
      isReady: chats.isReady(),
    }
  }
  return {
    getSnapshot: () => {
      const now = read()
      if (!state || !isEqual(state, now)) state = now
      return state
    },
    subscribe: (listener: () => void) => chats.changed.add(listener),
    list: (filter: ChatFilter = 'all') => listView(chats, filter),
    open: (chatId: string) => openView(chats, chatId),
    presence: (userIds: readonly string[]) => createPresenceView(chats.presence, userIds),
    me: createOwnPresence(chats),
    onNotice: (listener: (notice: NoticeFrame) => void) => chats.notices.add(listener),
    onMessage: (listener: (message: Message) => void) => chats.messages.add(listener),
  }
}

const isEqual = (a: ChatsState, b: ChatsState): boolean =>
  (Object.keys(a) as (keyof ChatsState)[]).every((name) => a[name] === b[name])

function listView(chats: ChatClient, filter: ChatFilter): ChatListView {
  const { thing: list, giveBack } = chats.lists.lend(filter)
  return {
    getSnapshot: () => list.state,
    subscribe: (listener) => list.changed.add(listener),
    fetchMore: () => list.fetchMore(),
    refresh: list.refresh,
    close: giveBack,
  }
}

function commandsOf({ host, directory, stores }: ChatClient) {
  const links = new MediaLinks(host)
  const { commands } = host
  const put = ({ chat }: { chat: Chat }): Chat => {
    directory.put(chat, [], true)
    return chat
  }
  const count = ({ counts }: Pick<CommandReply<'markChatUnread'>, 'counts'>) => directory.takeCounts(counts)
  const done = () => undefined
  const run: typeof commands.run = (name, input) => handled(commands.run(name, input))
  const chats: Omit<Chats, keyof ReturnType<typeof viewsOf> | 'close'> = {
    create: (input) => handled(run('createChat', input).then(put)),
    update: (chatId, changes) => handled(run('updateChat', { chatId, ...changes }).then(put)),
    leave: (chatId) => handled(run('leaveChat', { chatId }).then(done)),
    setPrefs: (chatId, prefs) => handled(run('setChatPrefs', { chatId, ...prefs }).then(count)),
    markUnread(chatId, fromSeq) {
      stores.get(chatId)?.reports.hold()
      return handled(run('markChatUnread', { chatId, fromSeq }).then(count))
    },
    addMembers: (chatId, userIds, as) =>
      handled(run('addMembers', { chatId, userIds: [...userIds], ...as }).then(done)),
    updateMembers: (chatId, userIds, changes) =>
      handled(run('updateMembers', { chatId, userIds: [...userIds], ...changes }).then(done)),
    removeMembers: (chatId, userIds, options) =>
      handled(run('removeMembers', { chatId, userIds: [...userIds], ...options }).then(done)),
    block: (userId) => handled(run('blockUser', { userId }).then(done)),
    unblock: (userId) => handled(run('unblockUser', { userId }).then(done)),
    search: (input) => run('searchMessages', input),
    report: (input) => handled(run('reportMessage', input).then(done)),
    link: (mediaId) => handled(links.read(mediaId)),
    upload: (file, options = {}) => handled(upload(host, file, options)),
  }
  return chats
}
