import type { LocalMessage } from '@belfry/client/chat'
import { useState } from 'react'
import { ChatButton } from './ChatButton.tsx'
import { ChatIcon } from './ChatIcon.tsx'
import { ChatMenu, type ChatMenuItem } from './ChatMenu.tsx'
import { useChatStrings } from './ChatProvider.tsx'
import type { MessageHandlers } from './Message.tsx'
import type { ChatStrings } from './strings.ts'

const EMOJI = ['👍', '❤️', '😂', '🎉', '😮', '😢'] as const

interface MessageActionsProps {
  message: LocalMessage
  isPinned: boolean
  handlers: MessageHandlers
  strings?: Partial<ChatStrings> | undefined
}

/** What can be done with a message: beside it under the pointer, and for the keyboard always. */
export function MessageActions({ message, isPinned, handlers, strings: own }: MessageActionsProps) {
  const strings = useChatStrings(own)
  const [isPicking, setPicking] = useState(false)
  const { onReact, onReply } = handlers
  const items = itemsOf({ message, isPinned, handlers, strings })
  return (
    <fieldset data-part="actions" aria-label={strings.messageActions}>
      {onReact && (
        <ChatButton
          icon="smile"
          label={strings.react}
          aria-expanded={isPicking}
          onClick={() => setPicking(!isPicking)}
        />
      )}
      {isPicking && onReact && (
        <fieldset data-part="picker" aria-label={strings.react}>
          {EMOJI.map((emoji) => (
            <button
              key={emoji}
              type="button"
              aria-label={strings.reactWith(emoji)}
              onClick={() => {
                setPicking(false)
                onReact(message, emoji, !message.reactions.some((one) => one.emoji === emoji && one.mine))
              }}
            >
              {emoji}
            </button>
          ))}
        </fieldset>
      )}
      {onReply && <ChatButton icon="reply" label={strings.reply} onClick={() => onReply(message)} />}
      {items.length > 0 && (
        <ChatMenu label={strings.messageActions} button={<ChatIcon name="more" />} items={items} />
      )}
    </fieldset>
  )
}

function itemsOf({
  message,
  isPinned,
  handlers,
  strings,
}: Required<Pick<MessageActionsProps, 'message' | 'isPinned' | 'handlers'>> & {
  strings: ChatStrings
}): ChatMenuItem[] {
  const { onEdit, onRemove, onPin, onReport } = handlers
  const hasText = message.content !== ''
  return [
    ...(message.isOwn && onEdit && hasText ? [{ label: strings.edit, run: () => onEdit(message) }] : []),
    ...(hasText
      ? [
          {
            label: strings.copyText,
            run: () => void navigator.clipboard?.writeText(message.content).catch(() => undefined),
          },
        ]
      : []),
    ...(onPin
      ? [{ label: isPinned ? strings.unpin : strings.pin, run: () => onPin(message, !isPinned) }]
      : []),
    ...(!message.isOwn && onReport ? [{ label: strings.report, run: () => onReport(message) }] : []),
    ...(onRemove && (message.isOwn || handlers.mayRemoveAll)
      ? [{ label: strings.remove, tone: 'danger' as const, run: () => onRemove(message) }]
      : []),
  ]
}
