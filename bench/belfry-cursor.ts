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
/** The id of every page that is asked for: one is under way at a time. */
const PAGE = '0'
const ANSWER = `43${PAGE}[`

/** How far `42["sync",…]`, `42["entries",…]` or the answer to `syncRequest` brings a client; `null` for any other packet. */
export const cursorFromEvent = (packet: string): SeenCursor | null => {
  const frame = frameIn(packet)
  if (frame === null) return null
  if (frame.cursor !== undefined) {
    const offsets = new Map(Object.entries(frame.cursor.offsets))
    return { epoch: frame.cursor.epoch, offsets, hasMore: frame.more === true }
  }
  const offsets = new Map((frame.entries ?? []).map((entry) => [entry.topic, entry.offset]))
  return { epoch: null, offsets, hasMore: false }
}

// The packet comes from the server under test, and a malformed one should end the benchmark.
const frameIn = (packet: string): Frame | null => {
  if (EVENT.test(packet)) return (JSON.parse(packet.slice(2)) as [string, Frame])[1]
  if (!packet.startsWith(ANSWER)) return null
  const [answer] = JSON.parse(packet.slice(ANSWER.length - 1)) as [{ ok: boolean; data?: Frame }]
  if (answer.data === undefined) throw new Error(`the server refused a page: ${packet.slice(0, 200)}`)
  return answer.data
}

export interface Cursor {
  readonly epoch: string
  readonly offsets: Readonly<Record<string, number>>
}

/** The socket event that asks for the page after the cursor; the page is its acknowledgement. */
export const syncRequest = (cursor: Cursor): string => `42${PAGE}["sync",${JSON.stringify({ cursor })}]`

/** The socket event that tells how far a client has read. */
export const ackEvent = (cursor: Cursor): string => `42["ack",${JSON.stringify({ cursor })}]`
