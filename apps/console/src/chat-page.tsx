import { RealTimeNotifications, Toaster } from '@belfry/react'
import { ChatProvider, ChatSystem } from '@belfry/react/chat'
import { Info } from 'lucide-react'
import { useState } from 'react'
import { useLocation, useSearch } from 'wouter'
import { ChatDetails } from './chat-details.tsx'
import { useLook } from './look.ts'
import { PersonPage } from './person-page.tsx'

/** The chats of whoever signs in; the one that is open is in the address. */
export function ChatPage() {
  return (
    <PersonPage>
      <Chats />
    </PersonPage>
  )
}

function Chats() {
  const { language, chatStrings } = useLook()
  const [path, navigate] = useLocation()
  const search = new URLSearchParams(useSearch())
  const chatId = search.get('chat') ?? undefined
  const [hasDetails, setDetails] = useState(false)
  const open = (chatId: string | undefined) => {
    if (chatId === undefined) search.delete('chat')
    else search.set('chat', chatId)
    navigate(`${path}?${search}`)
  }
  return (
    <main className="chat-page" lang={language}>
      <h1 className="visually-hidden">{chatStrings.chats}</h1>
      <div className="card chat-card">
        <ChatProvider strings={chatStrings}>
          <ChatSystem
            chatId={chatId}
            onChatChange={open}
            tools={
              <button
                type="button"
                className="icon-button"
                aria-label="Details"
                title="Details"
                aria-haspopup="dialog"
                onClick={() => setDetails(true)}
              >
                <Info size={18} aria-hidden="true" />
              </button>
            }
          />
          {hasDetails && chatId !== undefined && (
            <ChatDetails chatId={chatId} onClose={() => setDetails(false)} />
          )}
        </ChatProvider>
      </div>
      <RealTimeNotifications favicon="/favicon-unread.svg" />
      <Toaster />
    </main>
  )
}
