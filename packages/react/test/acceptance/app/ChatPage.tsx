import { ChatProvider, type ChatStrings, ChatSystem, useChats } from '@belfry/react/chat'
import { useState } from 'react'

interface ChatPageProps {
  /** `chat`: the one that is open from the start. */
  options: URLSearchParams
  strings: Partial<ChatStrings>
}

/** The chats of whoever is signed in, and their number as an app would show it elsewhere. */
export function ChatPage({ options, strings }: ChatPageProps) {
  const [chatId, setChatId] = useState(options.get('chat') ?? undefined)
  return (
    <ChatProvider strings={strings}>
      <main data-chats="">
        <Total />
        <div>
          <ChatSystem chatId={chatId} onChatChange={setChatId} />
        </div>
      </main>
    </ChatProvider>
  )
}

function Total() {
  const { totalUnread } = useChats()
  return <output>{totalUnread}</output>
}
