import { deepStrictEqual, ok } from 'node:assert/strict'
import type { Chat, ChatCounts, ChatPrefs, Cursor, Entry, NoticeFrame, SyncFrame } from '@belfry/protocol'
import type { Hearing } from '../../core/heads.ts'
import { topics } from '../../core/topics.ts'
import type { LogEntry } from '../../store/store.ts'
import type { Oracle } from './oracle.ts'
import type { Window } from './window.ts'

type MessageEntry = Extract<Entry, { kind: `message.${string}` }>

/** One native device: what it holds follows from entries, syncs and frames alone. */
export class Device {
  readonly user: string
  readonly name: string
  readonly windows = new Map<string, Window>()
  readonly prefs = new Map<string, ChatPrefs>()
  /** Chats whose settings have to be asked for. */
  readonly unknown = new Set<string>()
  readonly blocked = new Set<string>()
  readonly #epoch: string
  readonly #oracle: Oracle
  isAwake = true
  chats = new Set<string>()
  offsets: Record<string, number> = {}
  counts: ChatCounts = { chats: {}, total: { unread: 0, chats: 0, mentions: 0 } }
  #heard = new Set<string>()

  constructor({ user, name, epoch, oracle }: { user: string; name: string; epoch: string; oracle: Oracle }) {
    this.user = user
    this.name = name
    this.#epoch = epoch
    this.#oracle = oracle
  }

  get cursor(): Cursor {
    return { epoch: this.#epoch, offsets: { ...this.offsets } }
  }

  hears(topic: string): boolean {
    return this.isAwake && this.#heard.has(topic)
  }

  /** Topics of chats and how far this device has come in them, as it acknowledges them. */
  get applied(): [topic: string, offset: number][] {
    return [...this.#heard]
      .filter((topic) => topic.startsWith('room:'))
      .map((topic) => [topic, this.offsets[topic] ?? 0])
  }

  /** One entry as it is committed. */
  hear({ except, ...entry }: LogEntry): void {
    const { topic, offset } = entry
    if (!this.hears(topic)) return
    deepStrictEqual(offset, (this.offsets[topic] ?? 0) + 1, `${topic} has no holes for ${this.name}`)
    this.offsets[topic] = offset
    if (!except?.includes(this.user)) this.#apply(entry as Entry)
  }

  /** One page of a sync; a snapshot drops everything. */
  take(frame: SyncFrame, hearing: Hearing): void {
    if (!frame.complete) this.#forget()
    else for (const entry of frame.entries) this.#catchUp(entry)
    this.offsets = { ...frame.cursor.offsets }
    this.#heard = new Set(Object.keys(hearing))
  }

  /** Who was out in between lacks a part of the chat: the window has to be opened anew. */
  #catchUp(entry: Entry): void {
    const { topic, offset } = entry
    const before = this.offsets[topic]
    if (before !== undefined && offset !== before + 1)
      this.windows.delete(topic.slice(topics.room('').length))
    this.offsets[topic] = offset
    this.#apply(entry)
  }

  #forget(): void {
    this.windows.clear()
    this.prefs.clear()
    this.chats.clear()
    this.blocked.clear()
    this.counts = { ...this.counts, chats: {} }
  }

  /** The list of chats, after a snapshot. */
  load(chats: readonly Chat[], blocked: readonly string[]): void {
    for (const { id, prefs } of chats) {
      this.chats.add(id)
      this.prefs.set(id, prefs)
    }
    for (const user of blocked) this.blocked.add(user)
  }

  hearCounts({ chats, total }: ChatCounts): void {
    this.counts = { chats: { ...this.counts.chats, ...chats }, total }
  }

  /** All numbers but how often the user is named in this chat. */
  hearNotice({ chatId, unread: { chat, total, chats, mentions } }: NoticeFrame): void {
    const named = this.counts.chats[chatId]?.mentions ?? 0
    this.hearCounts({
      chats: { [chatId]: { unread: chat, mentions: named } },
      total: { unread: total, chats, mentions },
    })
  }

  #apply(entry: Entry): void {
    if (isMessage(entry)) this.#judge(entry)
    switch (entry.kind) {
      case 'topic.joined':
        this.#heard.add(entry.data.topic)
        this.offsets[entry.data.topic] = Math.max(entry.data.offset, this.offsets[entry.data.topic] ?? 0)
        return
      case 'topic.left':
        return void this.#heard.delete(entry.data.topic)
      case 'chat.joined':
        this.chats.add(entry.data.chatId)
        return void this.unknown.add(entry.data.chatId)
      case 'chat.left':
        return this.#drop(entry.data.chatId)
      case 'user.blocked':
        return void this.blocked.add(entry.data.userId)
      case 'user.unblocked':
        return void this.blocked.delete(entry.data.userId)
      default:
        this.#applyToChat(entry)
    }
  }

  #drop(chatId: string): void {
    this.chats.delete(chatId)
    this.prefs.delete(chatId)
    this.windows.delete(chatId)
    this.unknown.delete(chatId)
    delete this.counts.chats[chatId]
  }

  #applyToChat(entry: Entry): void {
    if (entry.kind === 'chat.prefsChanged') return void this.prefs.set(entry.data.chatId, entry.data.prefs)
    if (entry.kind === 'chat.read') {
      const { unreadFromSeq: _, ...prefs } = this.prefs.get(entry.data.chatId) ?? { notify: 'all' }
      const { chatId, privateReadSeq } = entry.data
      this.prefs.set(chatId, { ...prefs, ...(privateReadSeq === undefined ? {} : { privateReadSeq }) })
      return
    }
    if (!entry.topic.startsWith('room:')) return
    const chatId = entry.topic.slice(topics.room('').length)
    const window = this.windows.get(chatId)
    if (window && entry.offset > window.offset) window.apply(entry)
  }

  /** Nothing comes here that the user may not read. */
  #judge({ data, kind, topic, offset }: MessageEntry): void {
    const isReadable = (id: string) => this.#oracle.canRead(this.user, id)
    ok(isReadable(data.id), `${kind} at ${offset} of ${topic} is not for ${this.user}`)
    const { replyTo } = data
    if (replyTo && replyTo.seq > 0)
      ok(isReadable(replyTo.id), `${data.id} quotes what is not for ${this.user}`)
  }

  open(chatId: string, window: Window): void {
    this.windows.set(chatId, window)
  }
}

const isMessage = (entry: Entry): entry is MessageEntry => entry.kind.startsWith('message.')
