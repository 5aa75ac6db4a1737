import { type ReactNode, useState } from 'react'
import type { PartProps } from '../ui/part.ts'
import { ChatList, type ChatListProps } from './ChatList.tsx'
import { ChatNotices } from './ChatNotices.tsx'
import { useChatStrings } from './ChatProvider.tsx'
import { ChatWindow } from './ChatWindow.tsx'
import type { ChatStrings } from './strings.ts'

export interface ChatSystemProps
  extends Omit<PartProps, 'strings'>,
    Pick<ChatListProps, 'canCreate' | 'findPeople'> {
  /** The chat that is open; without it the component remembers it itself. */
  chatId?: string | undefined
  /** At the end of the open chat's header. */
  tools?: ReactNode
  onChatChange?: (chatId: string | undefined) => void
  strings?: Partial<ChatStrings>
}

/** The list and beside it the chat that is open; on narrow screens one after the other. Includes the noise of new messages. */
export function ChatSystem(props: ChatSystemProps) {
  const { className, style, canCreate, findPeople, tools, onChatChange, strings: own } = props
  const strings = useChatStrings(own)
  const [chosen, setChosen] = useState<string>()
  const chatId = 'chatId' in props ? props.chatId : chosen
  const choose = (id: string | undefined) => {
    setChosen(id)
    onChatChange?.(id)
  }
  const words = own ? { strings: own } : {}
  return (
    <div
      data-belfry=""
      data-belfry-chat-system=""
      data-open={chatId !== undefined || undefined}
      className={className}
      style={style}
    >
      <ChatList
        selectedId={chatId}
        onSelect={choose}
        {...(canCreate === undefined ? {} : { canCreate })}
        {...(findPeople ? { findPeople } : {})}
        {...words}
      />
      {chatId === undefined ? (
        <div data-belfry-note="" data-part="none">
          <p>{strings.noChatOpen}</p>
        </div>
      ) : (
        <ChatWindow chatId={chatId} onBack={() => choose(undefined)} tools={tools} {...words} />
      )}
      <ChatNotices onOpen={choose} {...words} />
    </div>
  )
}
