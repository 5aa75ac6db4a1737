import { type ChatOptions, type Chats, createChats } from '@belfry/client/chat'
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'
import { useClient } from '../socket/client-context.ts'
import { type ChatStrings, enChat } from './strings.ts'

export interface ChatProviderProps
  extends Pick<ChatOptions, 'pageSize' | 'offlineQueue' | 'markRead' | 'privateReads'> {
  /** A language, such as `deChat` of `@belfry/react/chat/locales/de`, or a few words of your own. */
  strings?: Partial<ChatStrings>
  children?: ReactNode
}

interface ChatKit {
  /** Undefined while nobody is signed in, and on the server. */
  chats: Chats | undefined
  strings: ChatStrings
}

const ChatContext = createContext<ChatKit>({ chats: undefined, strings: enChat })

/**
 * Gives everything below it the chats of the signed-in user, over the connection that is there already.
 * @example
 * import { BelfryProvider } from '@belfry/react'
 * import { ChatProvider, ChatSystem } from '@belfry/react/chat'
 * export const App = ({ token }: { token: string }) => (
 *   <BelfryProvider url="http://localhost:4000" getToken={() => token}>
 *     <ChatProvider>
 *       <ChatSystem />
 *     </ChatProvider>
 *   </BelfryProvider>
 * )
 */
export function ChatProvider(props: ChatProviderProps) {
  const { pageSize = 30, offlineQueue = true, markRead = 'visible', privateReads = false } = props
  const { strings: own, children } = props
  const client = useClient()
  const [chats, setChats] = useState<Chats>()
  useEffect(() => {
    if (!client) return
    const made = createChats(client, { pageSize, offlineQueue, markRead, privateReads })
    setChats(made)
    return () => {
      setChats(undefined)
      made.close()
    }
  }, [client, pageSize, offlineQueue, markRead, privateReads])
  const kit = useMemo(() => ({ chats, strings: { ...enChat, ...own } }), [chats, own])
  return <ChatContext.Provider value={kit}>{children}</ChatContext.Provider>
}

export const useChatKit = (): ChatKit => useContext(ChatContext)

/** Strings with an own few in place. */
export function useChatStrings(own: Partial<ChatStrings> | undefined): ChatStrings {
  const { strings } = useChatKit()
  return own ? { ...strings, ...own } : strings
}
