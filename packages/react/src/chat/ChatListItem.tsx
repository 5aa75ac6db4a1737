import type { Chat } from '@belfry/protocol'
import { RelativeTime } from '../dates/RelativeTime.tsx'
import { Avatar } from './Avatar.tsx'
import { ChatIcon } from './ChatIcon.tsx'
import { useChatStrings } from './ChatProvider.tsx'
import { otherOf, previewOf, titleOf } from './chat-names.ts'
import { PresenceDot } from './PresenceDot.tsx'
import type { ChatStrings } from './strings.ts'
import { useChatsState } from './useChats.ts'

export interface ChatListItemProps {
  chat: Chat
  isSelected?: boolean
  onSelect?: ((chatId: string) => void) | undefined
  strings?: Partial<ChatStrings> | undefined
}

/** One chat: who, when, what was said last, and how much of it is new. */
export function ChatListItem({ chat, isSelected = false, onSelect, strings: own }: ChatListItemProps) {
  const strings = useChatStrings(own)
  const { userId } = useChatsState()
  const title = titleOf(chat)
  const other = otherOf(chat, userId)
  const { lastMessage, unread } = chat
  return (
    <button
      type="button"
      data-belfry-chat={chat.id}
      data-unread={unread > 0 || undefined}
      aria-current={isSelected ? 'true' : undefined}
      onClick={() => onSelect?.(chat.id)}
    >
      <Avatar name={title}>{other !== undefined && <PresenceDot userId={other} strings={own} />}</Avatar>
      <span data-part="title" dir="auto">
        {title}
      </span>
      {lastMessage && (
        <span data-part="time">
          <RelativeTime date={lastMessage.createdAt} />
        </span>
      )}
      <span data-part="preview" dir="auto">
        {lastMessage && (lastMessage.senderId === userId ? `${strings.you}: ` : '')}
        {lastMessage ? previewOf(lastMessage, strings) : strings.noMessages}
      </span>
      {unread > 0 && <span data-belfry-hidden="">{strings.chatRow(title, unread)}</span>}
      <span data-part="marks" aria-hidden="true">
        {chat.prefs.mutedUntil !== undefined && <ChatIcon name="mute" />}
        {chat.unreadMentions > 0 && <span data-part="mention">@</span>}
        {unread > 0 && <span data-part="count">{unread > 99 ? '99+' : unread}</span>}
      </span>
    </button>
  )
}
