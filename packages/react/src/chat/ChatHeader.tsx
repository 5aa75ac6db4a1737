import type { ChatState } from '@belfry/client/chat'
import type { ReactNode } from 'react'
import { useDateLabel } from '../dates/useDateLabel.ts'
import { Avatar } from './Avatar.tsx'
import { ChatButton } from './ChatButton.tsx'
import { ChatIcon } from './ChatIcon.tsx'
import { ChatMenu, type ChatMenuItem } from './ChatMenu.tsx'
import { useChatKit, useChatStrings } from './ChatProvider.tsx'
import { otherOf, titleOf } from './chat-names.ts'
import { PresenceDot } from './PresenceDot.tsx'
import type { ChatStrings } from './strings.ts'
import { useChatsState } from './useChats.ts'
import { usePresence } from './usePresence.ts'

export interface ChatHeaderProps {
  state: ChatState
  onBack?: (() => void) | undefined
  /** At its end, such as a button of the app. */
  children?: ReactNode
  strings?: Partial<ChatStrings> | undefined
}

/** With whom one talks, whether they are there, and what can be done with the chat. */
export function ChatHeader({ state, onBack, children, strings: own }: ChatHeaderProps) {
  const strings = useChatStrings(own)
  const { userId } = useChatsState()
  const { chat } = state
  const other = otherOf(chat, userId)
  const title = titleOf(chat)
  const items = useMenu(state, other, strings)
  return (
    <header data-belfry-chat-header="">
      {onBack && <ChatButton data-part="back" icon="back" label={strings.back} onClick={onBack} />}
      {chat && (
        <Avatar name={title}>{other !== undefined && <PresenceDot userId={other} strings={own} />}</Avatar>
      )}
      <div data-part="names">
        <h2 dir="auto">{title}</h2>
        <p>
          {other === undefined ? (
            chat && strings.members(chat.memberCount)
          ) : (
            <Whereabouts userId={other} strings={strings} />
          )}
        </p>
      </div>
      {chat?.prefs.mutedUntil !== undefined && (
        <span title={strings.muted} role="img" aria-label={strings.muted}>
          <ChatIcon name="mute" />
        </span>
      )}
      {children}
      {chat && <ChatMenu label={strings.details} button={<ChatIcon name="more" />} items={items} />}
    </header>
  )
}

function Whereabouts({ userId, strings }: { userId: string; strings: ChatStrings }) {
  const { status, lastActive, text } = usePresence(userId)
  const when = useDateLabel(lastActive ?? 0)
  if (text) return <span dir="auto">{text}</span>
  return <>{status === 'offline' && lastActive ? strings.lastActive(when) : strings.presence[status]}</>
}

function useMenu({ chat }: ChatState, other: string | undefined, strings: ChatStrings): ChatMenuItem[] {
  const { chats } = useChatKit()
  const { blockedUserIds } = useChatsState()
  if (!chat || !chats) return []
  const isMuted = chat.prefs.mutedUntil !== undefined
  const isBlocked = other !== undefined && blockedUserIds.has(other)
  return [
    {
      label: isMuted ? strings.unmute : strings.mute,
      run: () => void chats.setPrefs(chat.id, { mutedUntil: isMuted ? null : 'forever' }),
    },
    ...(chat.lastSeq > 0
      ? [{ label: strings.markUnread, run: () => void chats.markUnread(chat.id, chat.lastSeq) }]
      : []),
    { label: strings.hide, run: () => void chats.setPrefs(chat.id, { hidden: true }) },
    ...(other === undefined
      ? [{ label: strings.leave, tone: 'danger' as const, run: () => void chats.leave(chat.id) }]
      : [
          {
            label: isBlocked ? strings.unblock : strings.block,
            tone: 'danger' as const,
            run: () => void (isBlocked ? chats.unblock(other) : chats.block(other)),
          },
        ]),
  ]
}
