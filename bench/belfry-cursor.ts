// The part of Belfry's native protocol that a client needs to come back where it left.

export interface SeenCursor {
  /** Only `sync` names it; live entries belong to the epoch of the last `sync`. */
  readonly epoch: string | null
  readonly offsets: ReadonlyMap<string, number>
  /** The server holds more pages after this cursor. */
  readonly hasMore: boolean
}

interface Frame {
  readonly cursor?: { readonly epoch: string; readonly offsets: Readonly<Record<string, number>> }
  readonly more?: boolean
  readonly entries?: readonly { readonly topic: string; readonly offset: number }[]
}

const EVENT = /^42\["(sync|entries)",/

/** How far `42["sync",…]` or `42["entries",…]` brings a client; `null` for any other packet. */
export const cursorFromEvent = (packet: string): SeenCursor | null => {
  if (!EVENT.test(packet)) return null
  // The packet comes from the server under test, and a malformed one should end the benchmark.
  const [, frame] = JSON.parse(packet.slice(2)) as [string, Frame]
  if (frame.cursor !== undefined) {
    const offsets = new Map(Object.entries(frame.cursor.offsets))
    return { epoch: frame.cursor.epoch, offsets, hasMore: frame.more === true }
  }
  const offsets = new Map((frame.entries ?? []).map((entry) => [entry.topic, entry.offset]))
  return { epoch: null, offsets, hasMore: false }
}

export interface Cursor {
  readonly epoch: string
  readonly offsets: Readonly<Record<string, number>>
}

/** The socket event that asks for the page after the cursor. */
export const syncRequest = (cursor: Cursor): string => `42["sync",${JSON.stringify({ cursor })}]`
