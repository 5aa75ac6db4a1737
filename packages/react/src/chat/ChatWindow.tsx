import type { ChatState, ChatView, LocalMessage } from '@belfry/client/chat'
import type { Member } from '@belfry/protocol'
import { type ReactNode, useEffect, useMemo, useState } from 'react'
import { useKit } from '../kit/KitContext.ts'
import type { PartProps } from '../ui/part.ts'
import { ChatHeader } from './ChatHeader.tsx'
import { useChatKit, useChatStrings } from './ChatProvider.tsx'
import type { MessageHandlers } from './Message.tsx'
import { MessageComposer, type MessageComposerProps } from './MessageComposer.tsx'
import { MessageList } from './MessageList.tsx'
import type { ChatStrings } from './strings.ts'
import { TypingIndicator } from './TypingIndicator.tsx'
import { useChatState, useChatView, useTypingIn } from './useChat.ts'
import { useChatsState } from './useChats.ts'

export interface ChatWindowProps extends Omit<PartProps, 'strings'> {
  chatId: string
  /** Shows a button that leads back to the list. */
  onBack?: () => void
  /** `false`: something else is in front, so nothing is read here. */
  isActive?: boolean
  /** At the end of the header, such as a button of the app. */
  tools?: ReactNode
  strings?: Partial<ChatStrings>
}

/**
 * One chat: who, what was said, who writes, and where one writes.
 * @example
 * import { ChatWindow } from '@belfry/react/chat'
 * export const Support = ({ chatId }: { chatId: string }) => <ChatWindow chatId={chatId} />
 */
export function ChatWindow({
  chatId,
  onBack,
  isActive = true,
  tools,
  className,
  style,
  strings: own,
}: ChatWindowProps) {
  const view = useChatView(chatId)
  const state = useChatState(view)
  const [about, setAbout] = useState<MessageComposerProps['about']>()
  const handlers = useHandlers(view, state, setAbout)
  const { label } = useTypingIn(view)
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was meant in one chat is not meant in another
  useEffect(() => setAbout(undefined), [chatId])
  useEffect(() => {
    view?.setActive(isActive)
    return () => view?.setActive(false)
  }, [view, isActive])
  return (
    <section
      data-belfry=""
      data-belfry-window=""
      className={className}
      style={style}
      aria-label={useChatStrings(own).messagesIn(state.chat?.displayTitle ?? '')}
    >
      <ChatHeader state={state} onBack={onBack} strings={own}>
        {tools}
      </ChatHeader>
      <MessageList key={chatId} view={view} state={state} handlers={handlers} strings={own} />
      <TypingIndicator label={label} />
      <MessageComposer
        view={view}
        state={state}
        chatId={chatId}
        about={about}
        onAboutEnd={() => setAbout(undefined)}
        strings={own}
      />
    </section>
  )
}

type SetAbout = (about: MessageComposerProps['about']) => void

function useHandlers(
  view: ChatView | undefined,
  { chat, members }: ChatState,
  setAbout: SetAbout,
): MessageHandlers {
  const { chats, strings } = useChatKit()
  const { announcements } = useKit()
  const { userId } = useChatsState()
  return useMemo(() => {
    if (!view || !chats || !chat) return {}
    const can = (action: Parameters<ChatView['can']>[0]) => view.can(action).isAllowed
    const withId = (run: (id: string) => void) => (message: LocalMessage) => {
      if (message.id !== undefined) run(message.id)
    }
    const isLeading = chat.type === 'direct' ? can('reactToMessage') : can('updateChat')
    return {
      ...(can('postMessage') ? { onReply: (message) => setAbout({ kind: 'reply', message }) } : {}),
      ...(can('editMessage') ? { onEdit: (message) => setAbout({ kind: 'edit', message }) } : {}),
      ...(can('deleteMessage') ? { onRemove: withId((id) => void view.remove(id)) } : {}),
      ...(can('reactToMessage')
        ? { onReact: (message, emoji, isOn) => withId((id) => void view.react(id, emoji, isOn))(message) }
        : {}),
      ...(isLeading ? { onPin: (message, isOn) => withId((id) => void view.pin(id, isOn))(message) } : {}),
      mayRemoveAll: isLeadingIn(members, userId),
      onReport: withId(
        (messageId) =>
          void chats.report({ chatId: chat.id, messageId, reason: 'inappropriate' }).then(
            () => announcements.announce(strings.reported),
            () => undefined,
          ),
      ),
      onRetry: ({ clientId }: LocalMessage) => view.retry(clientId),
      onDiscard: ({ clientId }: LocalMessage) => view.discard(clientId),
    }
  }, [view, chats, chat, members, userId, setAbout, announcements, strings])
}

const isLeadingIn = (members: readonly Member[], userId: string | undefined): boolean =>
  members.some((one) => one.userId === userId && (one.role === 'owner' || one.role === 'moderator'))
