import type { Action } from '@belfry/protocol'
import { handled } from '../changes.ts'
import { ClientFailure } from '../client-failure.ts'
import type { ChatClient } from './chat-client.ts'
import { type Receipts, receiptsOf } from './chat-members.ts'
import type { ChatState } from './chat-state.ts'
import type { ChatStore } from './chat-store.ts'
import { findMessage } from './message-window.ts'
import { deleted, reacted } from './own-changes.ts'
import type { Posted } from './post-queue.ts'
import type { PostInput } from './queued-post.ts'
import type { Typist } from './typing.ts'

/** Whether something may be done, and if not why, in words for people. */
export interface Permission {
  readonly isAllowed: boolean
  readonly reason: string | undefined
}

export interface TypingView {
  /** Who else writes. */
  getSnapshot(): readonly Typist[]
  subscribe(listener: () => void): () => void
  /** To be called for every change of the text. */
  onKeystroke(): void
  stop(): void
}

/** One chat that keeps itself up to date until it is closed. All methods work without `this`. */
export interface ChatView {
  getSnapshot(): ChatState
  /** Calls after every change; answers what stops it. */
  subscribe(listener: () => void): () => void
  /** Loads the page of older messages. */
  loadOlder(): Promise<void>
  /** Loads the page of newer messages, when the window does not reach the end. */
  loadNewer(): Promise<void>
  /** Loads a place. Resolves with the seq to scroll to; undefined when there is no message. */
  jumpTo(place: number | 'latest' | 'unread'): Promise<number | undefined>
  /** Shows the message at once, and sends it as soon as the line is there. Resolves when the server has it. */
  send(input: PostInput): Promise<Posted>
  /** Tries a message that has failed again. */
  retry(clientId: string): void
  /** Gives up a message that the server does not have. */
  discard(clientId: string): void
  edit(messageId: string, content: string): Promise<void>
  remove(messageId: string): Promise<void>
  react(messageId: string, emoji: string, isOn: boolean): Promise<void>
  pin(messageId: string, isOn: boolean): Promise<void>
  /** Reads up to there, or everything so far. */
  markRead(upToSeq?: number): Promise<void>
  /** To be called when a message is at least half on screen; whether somebody looks is known here. */
  reportVisible(seq: number): void
  /** Whether this is the chat in front of the user. */
  setActive(isActive: boolean): void
  can(action: Action): Permission
  /** How far an own message has come, person by person; the same object until that changes. */
  receipts(messageId: string): Receipts | undefined
  typing: TypingView
  /** Loads anew. */
  refresh(): void
  close(): void
}

export function openView(chats: ChatClient, chatId: string): ChatView {
  const { thing: store, giveBack } = chats.stores.lend(chatId)
  const { thing: typing, giveBack: giveTypingBack } = chats.typing.lend(chatId)
  const { reading } = store
  const setActive = activity(chats, store)
  const { markRead: how } = chats.settings
  return {
    getSnapshot: () => store.state,
    subscribe: (listener) => store.changed.add(listener),
    loadOlder: () => reading.older(),
    loadNewer: () => reading.newer(),
    jumpTo: (place) => handled(jump(store, place)),
    ...sending(chats, store, () => typing.posted()),
    ...changing(chats, store),
    markRead(upToSeq) {
      store.reports.release()
      return handled(store.markRead(upToSeq))
    },
    reportVisible(seq) {
      reading.pages.readSeq = seq
      if (how === 'visible') store.reports.visible(seq)
    },
    setActive,
    can(action) {
      const { capabilities = [], policyNotice: reason } = store.chat ?? {}
      const isAllowed = capabilities.includes(action)
      return { isAllowed, reason: isAllowed ? undefined : reason }
    },
    receipts: receiptsReader(chats, store),
    typing: {
      getSnapshot: () => typing.users,
      subscribe: (listener) => typing.changed.add(listener),
      onKeystroke: typing.onKeystroke,
      stop: typing.stop,
    },
    refresh: () => store.reload(),
    close() {
      setActive(false)
      giveBack()
      giveTypingBack()
    },
  }
}

/** One window of the chat may be in front while another one is not. */
function activity(chats: ChatClient, store: ChatStore): (isActive: boolean) => void {
  let isOurs = false
  return (isActive) => {
    if (isActive === isOurs) return
    isOurs = isActive
    store.activeViews += isActive ? 1 : -1
    chats.activate(store, store.activeViews > 0)
  }
}

async function jump(store: ChatStore, place: number | 'latest' | 'unread'): Promise<number | undefined> {
  const { reading } = store
  const seq = place === 'unread' ? store.state.firstUnreadSeq : place
  if (typeof seq !== 'number') {
    await reading.latest()
    return reading.window.rows.at(-1)?.seq
  }
  await reading.around(seq)
  const { rows } = reading.window
  return (rows.find((row) => row.seq >= seq) ?? rows.at(-1))?.seq
}

function sending(chats: ChatClient, store: ChatStore, onSent: () => void) {
  const { queue, host } = chats
  const { chatId, reading } = store
  return {
    send(input: PostInput): Promise<Posted> {
      const answered = input.replyTo === undefined ? undefined : findMessage(reading.window, input.replyTo)
      const posted = queue.add({
        ...{ chatId, clientId: host.environment.newId(), at: host.now(), input },
        ...(answered ? { replyTo: quote(answered) } : {}),
      })
      onSent()
      handled(reading.latest())
      return posted
    },
    retry: (clientId: string) => queue.retry(clientId),
    discard: (clientId: string) => queue.discard(clientId),
  }
}

/** Source: the preview that the server makes. */
const PREVIEW_CHARACTERS = 120

const quote = ({
  id,
  seq,
  senderId,
  content,
}: {
  id: string
  seq: number
  senderId: string | null
  content: string
}) => ({
  ...{ id, seq, senderId },
  preview: [...content].slice(0, PREVIEW_CHARACTERS).join(''),
})

function changing({ host }: ChatClient, store: ChatStore) {
  const { chatId, changes, reading } = store
  const { commands, session } = host
  const put = (reply: { message: Parameters<typeof reading.put>[0] }) => reading.put(reply.message)
  return {
    edit: (messageId: string, content: string) =>
      changes.make(
        { messageId, apply: (message) => ({ ...message, content, editedAt: host.now() }) },
        commands.run('editMessage', { chatId, messageId, content }),
        put,
      ),
    remove: (messageId: string) =>
      changes.make(
        { messageId, apply: (message) => deleted(message, host.now()) },
        commands.run('deleteMessage', { chatId, messageId }),
        put,
      ),
    react(messageId: string, emoji: string, isOn: boolean) {
      const { userId } = session
      if (userId === undefined) return handled(Promise.reject(new ClientFailure('unauthorized')))
      return changes.make(
        { messageId, apply: (message) => reacted(message, { emoji, isOn, userId }) },
        commands.run(isOn ? 'reactToMessage' : 'unreactToMessage', { chatId, messageId, emoji }),
        ({ reactions }) => {
          const message = findMessage(reading.window, messageId)
          if (message) reading.put({ ...message, reactions })
        },
      )
    },
    pin: (messageId: string, isOn: boolean) =>
      handled(
        commands.run(isOn ? 'pinMessage' : 'unpinMessage', { chatId, messageId }).then(() => undefined),
      ),
  }
}

function receiptsReader(chats: ChatClient, store: ChatStore) {
  const known = new Map<string, { from: ChatStore['members']; seq: number; receipts: Receipts }>()
  return (messageId: string): Receipts | undefined => {
    const seq = findMessage(store.reading.window, messageId)?.seq
    if (seq === undefined) return undefined
    const before = known.get(messageId)
    if (before?.from === store.members && before.seq === seq) return before.receipts
    const receipts = receiptsOf(store.members, chats.userId, seq)
    known.set(messageId, { from: store.members, seq, receipts })
    return receipts
  }
}
