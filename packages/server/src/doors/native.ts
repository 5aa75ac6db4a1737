import type { Counts, Cursor, SyncFrame } from '@belfry/protocol'
import type { Heard, Listener, LiveFrame, Outgoing, SharedPacket } from '../core/hearing.ts'
import type { Hub } from '../core/hub.ts'
import type { SyncAnswer } from '../core/sync.ts'
import { type Connection, eventPacket, shared } from './connection.ts'

export interface NativeOptions {
  user: string
  hub: Hub
  connection: Connection
  readSync(cursor: Cursor | undefined): Promise<SyncAnswer>
  /** What the client has applied, of topics it hears and never beyond what was sent. */
  onApplied(offsets: Record<string, number>): void
}

const ENTRIES = 'entries'

/**
 * A socket that follows a cursor.
 *
 *   reading ──page, more──► waiting ──sync──► reading ──last page or snapshot──► live
 *
 * It joins the hub with the last page's heads. Should the hub be ahead of them by then, it reads once more: nothing
 * falls between the log and the live entries, and what comes twice the client ignores by its offset.
 */
export class NativeListener implements Listener {
  readonly isNative = true
  readonly #options: NativeOptions
  #isLive = false
  #applied: Record<string, number> = {}

  constructor(options: NativeOptions) {
    this.#options = options
  }

  /** Answers a cursor: for the handshake, a next page, or a gap that the client noticed. */
  async sync(cursor: Cursor | undefined): Promise<SyncFrame> {
    const { frame, hearing } = await this.#options.readSync(cursor)
    if (frame.complete && frame.more) return frame
    const { hub, user } = this.#options
    if (!this.#isLive) {
      this.#isLive = true
      hub.add(user, this, hearing)
    }
    hub.counts.set(user, frame.counts)
    const isBehind = Object.entries(hearing).some(([topic, { head }]) => (hub.positionOf(topic) ?? 0) > head)
    return isBehind ? this.sync(cursor) : frame
  }

  /** Notes what the client has applied; tells whether it lacks something that the hub has shown. */
  applied(offsets: Record<string, number>): boolean {
    const { hub, user } = this.#options
    let isBehind = false
    const moved: Record<string, number> = {}
    for (const topic of hub.hearerOf(user)?.topics.keys() ?? []) {
      const position = hub.positionOf(topic) ?? 0
      const offset = Math.min(offsets[topic] ?? 0, position)
      if (offset < position) isBehind = true
      if (offset > (this.#applied[topic] ?? 0)) moved[topic] = offset
    }
    Object.assign(this.#applied, moved)
    if (Object.keys(moved).length > 0) this.#options.onApplied(moved)
    return isBehind
  }

  hear(entries: readonly Heard[], counts: Counts | undefined, live: readonly LiveFrame[]): void {
    const { connection } = this.#options
    const packet = entriesPacket(entries, counts)
    if (live.length === 0 || connection.isSlow) return connection.write(packet)
    connection.writeTogether(
      packet,
      live.map(({ event, json }) => eventPacket(event, json)),
    )
  }

  hearCounts(counts: Counts): void {
    if (!this.#options.connection.isSlow) {
      this.#options.connection.write(eventPacket('counts', JSON.stringify(counts)))
    }
  }

  hearLive({ event, json }: LiveFrame): void {
    if (!this.#options.connection.isSlow) this.#options.connection.write(eventPacket(event, json))
  }

  end(): void {
    this.#options.connection.end()
  }
}

function entriesPacket(entries: readonly Heard[], counts: Counts | undefined): string | SharedPacket {
  const last = entries.at(-1)?.outgoing
  if (last && !counts && !entries.some(({ isWithheld }) => isWithheld)) return sharedPacket(entries, last)
  const list = entries.map(({ outgoing, isWithheld }) => (isWithheld ? outgoing.withheld() : outgoing.json))
  const numbers = counts ? `,"counts":${JSON.stringify(counts)}` : ''
  return eventPacket(ENTRIES, `{"entries":[${list.join(',')}]${numbers}}`)
}

/** The last entry keeps it, for others who heard the same with it. */
function sharedPacket(entries: readonly Heard[], last: Outgoing): SharedPacket {
  const name = entries.map(({ outgoing: { entry } }) => `${entry.topic} ${entry.offset}`).join()
  let packet = last.packets.get(name)
  if (!packet) {
    const list = entries.map(({ outgoing }) => outgoing.json)
    packet = shared(eventPacket(ENTRIES, `{"entries":[${list.join(',')}]}`))
    last.packets.set(name, packet)
  }
  return packet
}
