import { type Counts, type Item, type ItemBody, type Message, typedEventOf } from '@belfry/protocol'
import type { Handed } from '../../core/handed.ts'
import type { Hearing } from '../../core/heads.ts'
import type { Heard, Listener, Outgoing } from '../../core/hearing.ts'
import type { Hub } from '../../core/hub.ts'
import { previewOf } from '../../core/preview.ts'
import type { LogEntry } from '../../store/store.ts'
import { type Connection, eventPacket, shared } from '../connection.ts'

/** What a seed's client did decides what it is told. Source: contract.md §7. */
export interface Told {
  /** It proved who it is in the handshake: seeds 000 and 004. */
  handshake: boolean
  /** It emitted `register_user`: seed 001. */
  registered: boolean
  /** It emitted `join-notifications`: seed 003. */
  joined: boolean
  /** It emitted `user-join`: seed 003. */
  present: boolean
}

export interface DialectOptions {
  user: string
  hub: Hub
  connection: Connection
  freshItem(body: ItemBody): Item
  /** Whether this socket has joined the chat. */
  hasJoined(chatId: string): boolean
  onHanded(handed: Omit<Handed, 'user'>): void
}

/** A socket that is told events under the names its seed uses. */
export class DialectListener implements Listener {
  readonly isNative = false
  readonly told: Told = { handshake: false, registered: false, joined: false, present: false }
  readonly #options: DialectOptions
  /** Before the client is told that it is connected, and while a catch-up is read, live entries wait. */
  #held: Heard[] | undefined = []
  readonly #handedUpTo = new Map<string, number>()

  constructor(options: DialectOptions) {
    this.#options = options
  }

  /** Joins the hub. What is older than the heads was never handed to this socket. */
  attach(hearing: Hearing): void {
    const { hub, user } = this.#options
    hub.add(user, this, hearing)
    for (const [topic, { head }] of Object.entries(hearing)) {
      this.#handedUpTo.set(topic, Math.max(head, hub.positionOf(topic) ?? 0))
    }
  }

  /** The client may be told from now on. */
  release(): void {
    const held = this.#held ?? []
    this.#held = undefined
    this.#tell(held)
  }

  /** Pushes what was pending, oldest first, then whatever came meanwhile. */
  async catchUp(
    event: 'send_notification' | 'new-notification',
    read: () => Promise<{ items: Item[]; heads: Record<string, number> }>,
  ): Promise<void> {
    this.#held ??= []
    try {
      const { items, heads } = await read()
      this.told[event === 'send_notification' ? 'registered' : 'joined'] = true
      for (const item of items) this.#options.connection.write(eventPacket(event, JSON.stringify(item)))
      for (const [topic, upTo] of Object.entries(heads))
        this.#options.onHanded({ topic, after: 0, upTo, only: 'items' })
      const held = this.#held
      this.#held = undefined
      this.#tell(held.filter(({ outgoing: { entry } }) => entry.offset > (heads[entry.topic] ?? 0)))
    } catch (error) {
      const held = this.#held ?? []
      this.#held = undefined
      this.#tell(held)
      throw error
    }
  }

  hear(entries: readonly Heard[]): void {
    if (this.#held) this.#held.push(...entries)
    else this.#tell(entries)
  }

  #tell(entries: readonly Heard[]): void {
    for (const { outgoing, isWithheld } of entries) {
      const { entry } = outgoing
      if (entry.kind === 'item.created') {
        if (!isWithheld)
          this.#push(outgoing, eventsFor(this.told, entry.data.type), () =>
            this.#options.freshItem(entry.data),
          )
      } else if (entry.kind === 'message.posted') this.#pushMessage(outgoing, entry.data)
      else if (entry.kind === 'receipts.moved') this.#pushReads(entry)
      else for (const packet of stateEvents(entry)) this.#options.connection.write(packet)
    }
  }

  /** Hands out an entry under the given names; without any, its offset is passed without having been handed over. */
  #push(outgoing: Outgoing, events: readonly string[], payload: () => object): void {
    const { topic, offset } = outgoing.entry
    for (const event of events) {
      let packet = outgoing.packets.get(event)
      if (!packet) {
        packet = shared(eventPacket(event, JSON.stringify(payload())))
        outgoing.packets.set(event, packet)
      }
      this.#options.connection.write(packet)
    }
    const after = this.#handedUpTo.get(topic) ?? offset - 1
    if (events.length > 0) this.#options.onHanded({ topic, after, upTo: offset })
    this.#handedUpTo.set(topic, offset)
  }

  /** In front of who has joined the chat, or as news to who has not. */
  #pushMessage(outgoing: Outgoing, message: Message): void {
    const { user, hasJoined } = this.#options
    if (hasJoined(message.chatId)) return this.#push(outgoing, ['new-message'], () => message)
    const isNews = this.told.present && message.senderId !== user
    this.#push(outgoing, isNews ? ['message-notification'] : [], () => newsOf(message))
  }

  #pushReads({ topic, data }: Extract<LogEntry, { kind: 'receipts.moved' }>): void {
    const chatId = topic.slice(topic.indexOf(':') + 1)
    if (!this.#options.hasJoined(chatId)) return
    for (const { userId, lastReadSeq, hasReadMore, at: readAt } of data.members) {
      if (!hasReadMore) continue
      const payload = JSON.stringify({ userId, chatId, lastReadSeq, readAt })
      this.#options.connection.write(eventPacket('messages-read', payload))
    }
  }

  hearLive(): void {
    // Seeds' clients are told what they know under names of their own.
  }

  hearCounts(_: Counts): void {
    // Seeds ask for their count; none of them is told one.
  }

  end(): void {
    this.#options.connection.end()
  }
}

function newsOf(message: Message): object {
  const { chatId, id: messageId, seq, senderId, senderName, content, messageType, createdAt } = message
  const preview = previewOf(content)
  return { chatId, messageId, seq, senderId, senderName, preview, messageType, createdAt }
}

/** One typed event of seed 004, never two of them for one notification. */
function eventsFor(told: Told, type: string): string[] {
  const events: string[] = []
  if (told.handshake) events.push('notification', typedEventOf(type))
  if (told.registered) events.push('send_notification')
  if (told.joined) events.push('new-notification')
  return events
}

function stateEvents(entry: LogEntry): string[] {
  if (entry.kind === 'inbox.read') return [eventPacket('all-notifications-read', undefined)]
  if (entry.kind !== 'item.read') return []
  return entry.data.ids.map((id) => eventPacket('notification-read', JSON.stringify({ notificationId: id })))
}
