import type { ChatFilter, ChatListState, Chats, ChatsState } from '@belfry/client/chat'
import { useMemo } from 'react'
import { useChatKit } from './ChatProvider.tsx'
import { useOpened, useRead } from './views.ts'

const NONE: ChatListState = {
  items: [],
  total: { unread: 0, chats: 0, mentions: 0 },
  status: 'loading',
  isStale: false,
  hasMore: false,
  isFetchingMore: false,
  error: undefined,
}
const NO_CHATS: ChatsState = {
  userId: undefined,
  total: NONE.total,
  blockedUserIds: new Set(),
  oldPosts: 0,
  isReady: false,
}

/** Undefined on the server and while nobody is signed in: there is nobody to ask. */
const nobody = async (): Promise<never> => {
  throw new Error('Nobody is signed in.')
}

/**
 * The chats of the signed-in user, the latest first, and what can be done with them.
 * @param filter `unread` or `hidden`; all that are not hidden without it
 * @example
 * import { useChats } from '@belfry/react/chat'
 * export function Badge() {
 *   const { totalUnread } = useChats()
 *   return <b>{totalUnread}</b>
 * }
 */
export function useChats(filter: ChatFilter = 'all') {
  const { chats } = useChatKit()
  const open = useMemo(() => (chats ? () => chats.list(filter) : undefined), [chats, filter])
  const view = useOpened(open)
  const state = useRead(view, NONE)
  const actions = useMemo(() => actionsOf(chats), [chats])
  return {
    ...actions,
    chats: state.items,
    totalUnread: state.total.unread,
    status: state.status,
    isLoading: state.status === 'loading' && state.items.length === 0,
    isStale: state.isStale,
    error: state.error,
    hasMore: state.hasMore,
    isFetchingMore: state.isFetchingMore,
    fetchMore: () => view?.fetchMore(),
    refresh: () => view?.refresh(),
  }
}

function actionsOf(chats: Chats | undefined) {
  return {
    create: chats?.create ?? nobody,
    /** Until an instant, in ISO 8601, or `forever`; null ends it. */
    mute: (chatId: string, until: string | null) => chats?.setPrefs(chatId, { mutedUntil: until }),
    hide: (chatId: string, hidden = true) => chats?.setPrefs(chatId, { hidden }),
    markUnread: (chatId: string, fromSeq: number) => chats?.markUnread(chatId, fromSeq),
    leave: (chatId: string) => chats?.leave(chatId),
    /** Words in messages of all chats, or of one. */
    search: chats?.search ?? nobody,
  }
}

/** What is true of all chats together: whom one is, what is unread, whom one has blocked. */
export function useChatsState(): ChatsState {
  return useRead(useChatKit().chats, NO_CHATS)
}
