import type { ChatState, ChatView } from '@belfry/client/chat'
import { useMemo, useRef } from 'react'
import { Virtualizer, type VirtualizerHandle } from 'virtua'
import { dateLabel } from '../dates/date-labels.ts'
import { useNow } from '../dates/ticker.ts'
import { useKit } from '../kit/KitContext.ts'
import { useStrings } from '../kit/useStrings.ts'
import { useChatStrings } from './ChatProvider.tsx'
import { titleOf } from './chat-names.ts'
import { type ChatRow, chatRowsOf } from './chat-rows.ts'
import { JumpToLatest } from './JumpToLatest.tsx'
import { Message, type MessageHandlers } from './Message.tsx'
import { SeenBy } from './SeenBy.tsx'
import type { ChatStrings } from './strings.ts'
import { UnreadDivider } from './UnreadDivider.tsx'
import { useChatScroll } from './useChatScroll.ts'
import { useChatsState } from './useChats.ts'
import { useVisibleReports } from './useVisibleReports.ts'

export interface MessageListProps {
  view: ChatView | undefined
  state: ChatState
  handlers?: MessageHandlers
  strings?: Partial<ChatStrings> | undefined
}

/** A chat's messages: virtual, anchored, and reported as read by what is on screen. */
export function MessageList({ view, state, handlers = {}, strings: own }: MessageListProps) {
  const strings = useChatStrings(own)
  const scroller = useRef<HTMLDivElement>(null)
  const virtualizer = useRef<VirtualizerHandle>(null)
  const rows = useRows(state)
  const scroll = useChatScroll({ view, state, rows, scroller, virtualizer })
  useVisibleReports(scroller, view, rows.length > 0)
  const { chat, isLoading, error } = state
  const seenId = seenMessageOf(state)
  const onJump = async (seq: number) => scroll.to(await view?.jumpTo(seq))
  const all: MessageHandlers = { ...handlers, onJump: (seq) => void onJump(seq) }
  return (
    <div data-belfry-messages="">
      {state.isStale && rows.length > 0 && <p data-part="stale">{strings.stale}</p>}
      {/* Not spoken by itself: rows come and go with scrolling. New messages are announced. */}
      <div
        ref={scroller}
        onScroll={scroll.onScroll}
        data-part="scroller"
        role="log"
        aria-live="off"
        aria-busy={isLoading}
        aria-label={strings.messagesIn(titleOf(chat))}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
      >
        <div data-part="room" />
        <Virtualizer ref={virtualizer} data={rows} scrollRef={scroller} shift={scroll.isShifted}>
          {(row: ChatRow) => (
            <Row key={row.key} row={row} state={state} seenId={seenId} handlers={all} strings={own} />
          )}
        </Virtualizer>
        {rows.length === 0 && (
          <Empty isLoading={isLoading} error={error !== undefined} view={view} strings={strings} />
        )}
      </div>
      {scroll.isAway && <JumpToLatest count={scroll.newCount} onClick={scroll.toLatest} strings={own} />}
    </div>
  )
}

function useRows(state: ChatState): readonly ChatRow[] {
  const { locale, timeZone } = useKit()
  const strings = useStrings()
  const nowMs = useNow()
  const { messages, firstUnreadSeq } = state
  return useMemo(
    () =>
      chatRowsOf(messages, {
        firstUnreadSeq,
        dayOf: (at) => dayLabel(at, { nowMs, locale, timeZone, strings }),
      }),
    [messages, firstUnreadSeq, nowMs, locale, timeZone, strings],
  )
}

/** Today and yesterday by name, other days by date. */
function dayLabel(at: string, options: Omit<Parameters<typeof dateLabel>[1], 'style'>): string {
  const { nowMs, locale, timeZone, strings } = options
  const label = dateLabel(at, { ...options, style: 'header' })
  if (nowMs === undefined || label === strings.today || label === strings.yesterday) return label
  return new Intl.DateTimeFormat(locale, { dateStyle: 'full', ...(timeZone ? { timeZone } : {}) }).format(
    new Date(at),
  )
}

interface RowProps {
  row: ChatRow
  state: ChatState
  seenId: string | undefined
  handlers: MessageHandlers
  strings: Partial<ChatStrings> | undefined
}

function Row({ row, state, seenId, handlers, strings }: RowProps) {
  const { blockedUserIds } = useChatsState()
  if (row.kind === 'unread') return <UnreadDivider strings={strings} />
  if (row.kind === 'day')
    return (
      <p data-belfry-divider="day">
        <span>{row.label}</span>
      </p>
    )
  const { message, isFirst, isLast } = row
  const { chat } = state
  return (
    <>
      <Message
        message={message}
        isFirst={isFirst}
        isLast={isLast}
        isGroup={isGroupOf(state)}
        isPinned={chat?.pins.some(({ messageId }) => messageId === message.id) ?? false}
        isBlocked={message.senderId !== null && blockedUserIds.has(message.senderId)}
        actions={handlers}
        strings={strings}
      />
      {chat && seenId !== undefined && message.id === seenId && (
        <SeenBy chatId={chat.id} messageId={seenId} strings={strings} />
      )}
    </>
  )
}

const isGroupOf = ({ chat }: Pick<ChatState, 'chat'>): boolean => chat !== undefined && chat.type !== 'direct'

/** In a group it is said under the newest own message who has seen it. */
const seenMessageOf = (state: ChatState): string | undefined =>
  isGroupOf(state)
    ? state.messages.findLast(({ isOwn, id, deletedAt }) => isOwn && id !== undefined && !deletedAt)?.id
    : undefined

interface EmptyProps {
  isLoading: boolean
  error: boolean
  view: ChatView | undefined
  strings: ChatStrings
}

function Empty({ isLoading, error, view, strings }: EmptyProps) {
  if (error)
    return (
      <div data-belfry-note="" role="alert">
        <p data-part="title">{strings.errorTitle}</p>
        <button type="button" data-belfry-button="" onClick={() => view?.refresh()}>
          {strings.retry}
        </button>
      </div>
    )
  if (isLoading)
    return (
      <div data-belfry-bubbles="" role="status">
        <span data-belfry-hidden="">{strings.loading}</span>
        <i />
        <i data-own="" />
        <i />
      </div>
    )
  return (
    <div data-belfry-note="" role="status">
      <p>{strings.noMessages}</p>
    </div>
  )
}
