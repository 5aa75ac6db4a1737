import type { ChatState, ChatView } from '@belfry/client/chat'
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { VirtualizerHandle } from 'virtua'
import type { ChatRow } from './chat-rows.ts'

/** Closer than this to the end, new messages scroll into view. */
const AT_END_PX = 60
/** Closer than this, the end is what is looked at: whatever grows leaves it in place. */
const PINNED_PX = 2
/** How far from an end the next page is asked for: about two screens. */
const PRELOAD_PX = 800

const useBrowserLayoutEffect = typeof document === 'undefined' ? useEffect : useLayoutEffect

interface ChatScrollOptions {
  view: ChatView | undefined
  state: ChatState
  rows: readonly ChatRow[]
  scroller: RefObject<HTMLDivElement | null>
  virtualizer: RefObject<VirtualizerHandle | null>
}

interface Before {
  view: ChatView | undefined
  rows: readonly ChatRow[]
  isAtEnd: boolean
  isPinned: boolean
}

interface Place {
  /** Key of the newest row when the reader left the end. */
  leftAt: number | undefined
}

/**
 * Where a chat stands: it opens at what is unread or at the end, follows the end while it is there, keeps its place when
 * older messages come above it, and fetches what is near.
 */
export function useChatScroll({ view, state, rows, scroller, virtualizer }: ChatScrollOptions) {
  const [{ leftAt }, setPlace] = useState<Place>({ leftAt: undefined })
  const before = useRef<Before>({ view: undefined, rows: [], isAtEnd: true, isPinned: true })
  const isShifted = isPrepended(before.current.rows, rows)
  const newestSeq = state.messages.findLast(({ seq }) => seq !== undefined)?.seq ?? 0
  useBrowserLayoutEffect(() => {
    const { current: last } = before
    const isOpened = view !== last.view || last.rows.length === 0
    before.current = { ...last, view, rows }
    if (rows.length === 0) return
    // What changes above must not call back a reader who is about to leave the end.
    const hasNewEnd = endOf(rows) !== endOf(last.rows)
    const hasSpoken = isOwnLast(rows) && rows.at(-1)?.key !== last.rows.at(-1)?.key
    const unread = rows.findIndex(({ kind }) => kind === 'unread')
    if (isOpened && unread > 0) {
      // Else whatever changes next would take the reader past what is unread.
      Object.assign(before.current, { isAtEnd: false, isPinned: false })
      virtualizer.current?.scrollToIndex(unread, { align: 'start', offset: -48 })
    } else if (isOpened || hasSpoken || (hasNewEnd && last.isAtEnd && !state.hasNewer))
      toEnd(scroller, before)
  }, [view, rows, state.hasNewer, scroller, virtualizer])
  const onScroll = (): void => {
    const element = scroller.current
    if (!element) return
    const belowPx = element.scrollHeight - element.scrollTop - element.clientHeight
    const isAtEnd = belowPx < AT_END_PX && !state.hasNewer
    Object.assign(before.current, { isAtEnd, isPinned: belowPx < PINNED_PX && !state.hasNewer })
    if (isAtEnd !== (leftAt === undefined)) setPlace({ leftAt: isAtEnd ? undefined : newestSeq })
    if (state.hasOlder && !state.isFetchingOlder && element.scrollTop < PRELOAD_PX) void view?.loadOlder()
    if (state.hasNewer && !state.isFetchingNewer && belowPx < PRELOAD_PX) void view?.loadNewer()
  }
  useFilled(state, view, scroller)
  useKeptEnd(scroller, before)
  const to = (seq: number | undefined): void => {
    // In the next frame: what was loaded has to be on the page.
    requestAnimationFrame(() => {
      const index = before.current.rows.findIndex((row) => row.kind === 'message' && row.message.seq === seq)
      if (index >= 0) virtualizer.current?.scrollToIndex(index, { align: 'center' })
    })
  }
  return {
    isShifted,
    onScroll,
    to,
    isAway: (leftAt !== undefined || state.hasNewer) && rows.length > 0,
    newCount:
      leftAt === undefined
        ? 0
        : state.messages.filter(({ seq, isOwn }) => !isOwn && (seq ?? 0) > leftAt).length,
    toLatest() {
      void view?.jumpTo('latest').then(() => requestAnimationFrame(() => toEnd(scroller, before)))
    },
  }
}

/** Pictures, receipts and a growing composer come without a scroll. */
function useKeptEnd(scroller: RefObject<HTMLElement | null>, before: RefObject<Before>): void {
  useEffect(() => {
    const { current: element } = scroller
    if (!element) return
    const observer = new ResizeObserver(() => {
      if (before.current.isPinned) element.scrollTop = element.scrollHeight
    })
    observer.observe(element)
    for (const child of element.children) observer.observe(child)
    return () => observer.disconnect()
  }, [scroller, before])
}

/** The virtualizer's own way would go on for a while, against a reader who scrolls. */
function toEnd(scroller: RefObject<HTMLElement | null>, before: RefObject<Before>): void {
  const { current: element } = scroller
  Object.assign(before.current, { isAtEnd: true, isPinned: true })
  if (element) element.scrollTop = element.scrollHeight
}

function endOf(rows: readonly ChatRow[]) {
  const last = rows.at(-1)
  return last?.kind === 'message' ? last.message : last?.key
}

function isOwnLast(rows: readonly ChatRow[]): boolean {
  const last = rows.at(-1)
  return last?.kind === 'message' && last.message.isOwn
}

/** Whether all that has come stands above what was there: then the list keeps its place by its end. */
function isPrepended(before: readonly ChatRow[], after: readonly ChatRow[]): boolean {
  const [last, now] = [before.at(-1)?.key, after.at(-1)?.key]
  return before.length > 0 && after.length > before.length && last === now
}

/** Few messages leave the window half empty: nothing can be scrolled, and the page before comes by itself. */
function useFilled(
  state: ChatState,
  view: ChatView | undefined,
  scroller: RefObject<HTMLElement | null>,
): void {
  const { hasOlder, isFetchingOlder, error, messages } = state
  const count = messages.length
  useEffect(() => {
    const { scrollHeight = 0, clientHeight = 0 } = scroller.current ?? {}
    if (count > 0 && hasOlder && !isFetchingOlder && !error && scrollHeight <= clientHeight)
      void view?.loadOlder()
  }, [count, hasOlder, isFetchingOlder, error, view, scroller])
}
