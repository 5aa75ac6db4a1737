import type { Cursor, Entry, Message, SyncFrame } from '@belfry/protocol'
import { type Asked, chat, counts, ME, member, message, ROOM, told } from '@belfry/testkit/client'
import { isMessageEntry } from '../../src/chat/message-pages.ts'

/** A server with one chat, as a value in a test's hand: its log, its messages, and what it answers. */
export class ModelServer {
  readonly log: Entry[] = []
  readonly messages: Message[] = []
  /** What each of ada's messages said at first, in the order of coming. */
  readonly fromAda: string[] = []

  post(senderId: string, clientId: string, content: string): Message {
    const known = this.messages.find((one) => one.senderId === senderId && one.clientId === clientId)
    if (known) return known
    if (senderId === 'ada') this.fromAda.push(content)
    const seq = this.messages.length + 1
    return this.#tell(message(seq, { senderId, clientId, content }), 'message.posted')
  }

  edit(choice: number): void {
    const before = this.messages[choice % Math.max(this.messages.length, 1)]
    if (before) this.#tell({ ...before, content: `edit ${this.log.length}` }, 'message.edited')
  }

  get cursor(): Cursor {
    return { epoch: 'e1', offsets: { [ME]: 0, [ROOM]: this.log.length } }
  }

  /** What the log holds after a cursor, with messages as they are now; without a cursor, a snapshot. */
  sync(cursor: Cursor | undefined): SyncFrame {
    const now = '2026-11-24T12:00:00.000Z'
    const common = { cursor: this.cursor, counts: counts(0, 0), now }
    if (!cursor) return { ...common, complete: false, items: [], nextCursor: null }
    const after = this.log.slice(cursor.offsets[ROOM] ?? 0)
    const entries = after.map((entry) =>
      isMessageEntry(entry) ? told(entry.offset, this.#now(entry.data), entry.kind) : entry,
    )
    return { ...common, complete: true, entries, more: false }
  }

  /** The data of the acknowledgement; undefined for what this server does not know. */
  answer({ event, payload }: Asked): unknown {
    switch (event) {
      case 'sync':
        return this.sync(payload.cursor as Cursor | undefined)
      case 'ack':
        return { behind: ((payload.cursor as Cursor).offsets[ROOM] ?? 0) < this.log.length }
      case 'openChat':
        return {
          chat: chat({ lastSeq: this.messages.length }),
          members: [member('ada'), member('bob')],
          messages: this.messages.slice(-Number(payload.limit)),
          offset: this.log.length,
        }
      case 'listMessages':
        return this.#page(payload)
      case 'postMessage':
        return {
          message: this.post('ada', String(payload.clientId), String(payload.content)),
          duplicate: false,
        }
      case 'listBlocks':
        return { userIds: [] }
      default:
        return {}
    }
  }

  #now(old: Message): Message {
    return this.messages[old.seq - 1] ?? old
  }

  #page({ before, after, limit }: Record<string, unknown>) {
    const size = Number(limit)
    if (after !== undefined) {
      const all = this.messages.filter(({ seq }) => seq > Number(after))
      return { messages: all.slice(0, size), hasOlder: Number(after) > 0, hasNewer: all.length > size }
    }
    const all = this.messages.filter(({ seq }) => before === undefined || seq < Number(before))
    return { messages: all.slice(-size), hasOlder: all.length > size, hasNewer: before !== undefined }
  }

  #tell(data: Message, kind: 'message.posted' | 'message.edited'): Message {
    this.messages[data.seq - 1] = data
    this.log.push(told(this.log.length + 1, data, kind))
    return data
  }
}
