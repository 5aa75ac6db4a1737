/**
 * The part of a chat's messages that is loaded, as a value: every function here is pure and answers the next one.
 *
 *   not read │ rows, ascending by `seq` │ not read, or nothing yet
 *    hasOlder                             hasNewer
 */
import type { Message } from '@belfry/protocol'

/** Source: ui.md C11. */
const MAX_ROWS = 600
/** What a page may bring at most; the far end goes before it comes. */
const MAX_PAGE = 100

export interface MessageWindow {
  /** Ascending by `seq`; a number that is missing between two rows is one that the reader may not see. */
  readonly rows: readonly Message[]
  readonly hasOlder: boolean
  readonly hasNewer: boolean
}

export const emptyWindow: MessageWindow = { rows: [], hasOlder: false, hasNewer: false }

/** What a message entry does. One that is not loaded is only taken when it belongs between the ends. */
export function putMessage(window: MessageWindow, message: Message, isNew: boolean): MessageWindow {
  const { rows } = window
  const at = placeOf(rows, message.seq)
  if (rows[at]?.seq === message.seq) return { ...window, rows: rows.with(at, message) }
  const isBeyond = (at === 0 && window.hasOlder) || (at === rows.length && window.hasNewer)
  return isNew && !isBeyond ? { ...window, rows: rows.toSpliced(at, 0, message) } : window
}

/** Pages older or newer than the window, which keeps its own rows: entries have kept them up to date. */
export function joinPage(
  window: MessageWindow,
  page: Partial<MessageWindow> & { rows: readonly Message[] },
): MessageWindow {
  const bySeq = new Map([...page.rows, ...window.rows].map((row) => [row.seq, row]))
  return { ...window, ...page, rows: [...bySeq.values()].sort((a, b) => a.seq - b.seq) }
}

/** Makes room for a page: what is furthest from the end that grows goes. */
export function dropFarEnd(window: MessageWindow, growing: 'older' | 'newer'): MessageWindow {
  const room = MAX_ROWS - MAX_PAGE
  if (window.rows.length <= room) return window
  return growing === 'older'
    ? { ...window, rows: window.rows.slice(0, room), hasNewer: true }
    : { ...window, rows: window.rows.slice(-room), hasOlder: true }
}

/**
 * After live messages: in one piece at a time, and away from what somebody reads.
 * @param readSeq The row that was on screen last, if one was
 */
export function trimLive(window: MessageWindow, readSeq: number | undefined): MessageWindow {
  if (window.rows.length <= MAX_ROWS) return window
  const isReadingOld = readSeq !== undefined && readSeq < (window.rows[MAX_ROWS / 2]?.seq ?? 0)
  return dropFarEnd(window, isReadingOld ? 'older' : 'newer')
}

export function findMessage(window: MessageWindow, id: string): Message | undefined {
  return window.rows.find((row) => row.id === id)
}

/** Whether a place lies between the ends. */
export function hasPlace({ rows, hasOlder, hasNewer }: MessageWindow, seq: number): boolean {
  const [first, last] = [rows[0]?.seq, rows.at(-1)?.seq]
  if (first === undefined || last === undefined) return false
  return (seq >= first || !hasOlder) && (seq <= last || !hasNewer)
}

/** Index of the first row that is not below `seq`. */
function placeOf(rows: readonly Message[], seq: number): number {
  let [low, high] = [0, rows.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((rows[middle]?.seq ?? 0) < seq) low = middle + 1
    else high = middle
  }
  return low
}
