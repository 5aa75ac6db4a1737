import type { Counts } from '@belfry/protocol'
import type { LogEntry } from '../store/store.ts'

/** A packet that goes to many sockets: encoded and framed once. */
export interface SharedPacket {
  readonly text: string
  readonly frame: Buffer
}

/** An entry on its way out: encoded once, however many sockets it goes to. */
export class Outgoing {
  readonly entry: LogEntry
  #json: string | undefined
  /** Packets that end with it, by what is in them: the doors keep them here, to encode once. */
  readonly packets = new Map<string, SharedPacket>()

  constructor(entry: LogEntry) {
    this.entry = entry
  }

  get json(): string {
    if (this.#json === undefined) {
      const { except: _, ...entry } = this.entry
      this.#json = JSON.stringify(entry)
    }
    return this.#json
  }

  /** In place of the entry, for a user for whom it is not: the offset without the content. */
  withheld(): string {
    const { topic, offset, at } = this.entry
    return JSON.stringify({ topic, offset, kind: 'item.withheld', data: {}, at })
  }
}

/** One open socket, as the hub sees it. A door makes it and says what it does with what it hears. */
export interface Listener {
  /** Whether it follows a cursor (native) or is told events (dialect). */
  readonly isNative: boolean
  /** Everything for this socket in one tick, in order. `withheld` entries are not for this user; `live` as in `hearLive`. */
  hear(entries: readonly Heard[], counts: Counts | undefined, live: readonly LiveFrame[]): void
  hearCounts(counts: Counts): void
  /** Something that is kept nowhere; seeds' clients are told none of it, and slow sockets neither. */
  hearLive(frame: LiveFrame): void
  /** Ends the socket at engine level, so that its client comes back by itself. */
  end(reason: string): void
}

/** What is kept nowhere, encoded once for all sockets of a user. */
export interface LiveFrame {
  event: string
  json: string
}

export interface Heard {
  outgoing: Outgoing
  isWithheld: boolean
}
