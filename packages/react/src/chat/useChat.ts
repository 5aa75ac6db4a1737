import type { ChatState, ChatView, PostInput, Receipts, Typist } from '@belfry/client/chat'
import { useEffect, useMemo, useState } from 'react'
import { useChatKit } from './ChatProvider.tsx'
import { useOpened, useRead } from './views.ts'

const EMPTY: ChatState = {
  chat: undefined,
  members: [],
  messages: [],
  firstUnreadSeq: undefined,
  isLoading: true,
  isStale: false,
  hasOlder: false,
  hasNewer: false,
  isFetchingOlder: false,
  isFetchingNewer: false,
  error: undefined,
}

/** The chat while the component is on the page; undefined before, on the server, and while nobody is signed in. */
export function useChatView(chatId: string): ChatView | undefined {
  const { chats } = useChatKit()
  return useOpened(useMemo(() => (chats ? () => chats.open(chatId) : undefined), [chats, chatId]))
}

export const useChatState = (view: ChatView | undefined): ChatState => useRead(view, EMPTY)

const nothing = async (): Promise<undefined> => undefined

/**
 * One chat with its messages, and everything that can be done in it.
 * @example
 * import { useChat } from '@belfry/react/chat'
 * export function Last({ chatId }: { chatId: string }) {
 *   const { messages, send } = useChat(chatId)
 *   return <button onClick={() => void send({ content: 'Hello' })}>{messages.at(-1)?.content}</button>
 * }
 */
export function useChat(chatId: string) {
  const view = useChatView(chatId)
  const state = useChatState(view)
  return useMemo(() => ({ ...state, ...actionsOf(view) }), [state, view])
}

function actionsOf(view: ChatView | undefined) {
  const send = (input: PostInput) => view?.send(input) ?? nothing()
  return {
    send,
    loadOlder: view?.loadOlder ?? nothing,
    loadNewer: view?.loadNewer ?? nothing,
    jumpTo: view?.jumpTo ?? nothing,
    retry: (clientId: string) => view?.retry(clientId),
    discard: (clientId: string) => view?.discard(clientId),
    edit: (messageId: string, content: string) => view?.edit(messageId, content) ?? nothing(),
    remove: (messageId: string) => view?.remove(messageId) ?? nothing(),
    react: (messageId: string, emoji: string, isOn = true) =>
      view?.react(messageId, emoji, isOn) ?? nothing(),
    reply: (messageId: string, content: string) => send({ content, replyTo: messageId }),
    pin: (messageId: string, isOn = true) => view?.pin(messageId, isOn) ?? nothing(),
    markRead: (upToSeq?: number) => view?.markRead(upToSeq) ?? nothing(),
    can: (action: Parameters<ChatView['can']>[0]) =>
      view?.can(action) ?? { isAllowed: false, reason: undefined },
  }
}

const NOBODY: readonly Typist[] = []
/** How long the label stays when nobody types any more: a pause between two words is no end. Source: chat-presence.md §7. */
const HIDE_AFTER_MS = 1_000

/** Who else types in the chat, in words, and what the own keyboard does. */
export function useTyping(chatId: string) {
  return useTypingIn(useChatView(chatId))
}

export function useTypingIn(view: ChatView | undefined) {
  const { strings } = useChatKit()
  const now = useRead(view?.typing, NOBODY)
  const [shown, setShown] = useState(now)
  useEffect(() => {
    if (now.length > 0) return setShown(now)
    const timer = setTimeout(() => setShown(now), HIDE_AFTER_MS)
    return () => clearTimeout(timer)
  }, [now])
  return {
    typingUsers: shown,
    label: shown.length === 0 ? '' : strings.typing(shown.map(({ name }) => name)),
    onKeystroke: () => view?.typing.onKeystroke(),
    stop: () => view?.typing.stop(),
  }
}

/** How far an own message has come, person by person. */
export function useReceipts(chatId: string, messageId: string) {
  const view = useChatView(chatId)
  const { messages } = useChatState(view)
  const receipts: Receipts | undefined = view?.receipts(messageId)
  return {
    status: messages.find(({ id }) => id === messageId)?.status,
    deliveredTo: receipts?.deliveredTo ?? [],
    readBy: receipts?.readBy ?? [],
    pending: receipts?.pending ?? [],
  }
}
