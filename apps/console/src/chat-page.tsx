import { RealTimeNotifications, Toaster } from '@belfry/react'
import { ChatProvider, ChatSystem } from '@belfry/react/chat'
import { useLocation, useSearch } from 'wouter'
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
  const { language } = useLook()
  const [path, navigate] = useLocation()
  const search = new URLSearchParams(useSearch())
  const open = (chatId: string | undefined) => {
    if (chatId === undefined) search.delete('chat')
    else search.set('chat', chatId)
    navigate(`${path}?${search}`)
  }
  return (
    <main className="chat-page" lang={language}>
      <h1 className="visually-hidden">Chats</h1>
      <div className="card chat-card">
        <ChatProvider>
          <ChatSystem chatId={search.get('chat') ?? undefined} onChatChange={open} />
        </ChatProvider>
      </div>
      <RealTimeNotifications favicon="/favicon-unread.svg" />
      <Toaster />
    </main>
  )
}
