import type { LocalMessage } from '@belfry/client/chat'
import { ChatIcon, type ChatIconName } from './ChatIcon.tsx'
import { useChatStrings } from './ChatProvider.tsx'
import type { ChatStrings } from './strings.ts'

const ICONS: Record<NonNullable<LocalMessage['status']>, ChatIconName> = {
  queued: 'clock',
  sending: 'clock',
  sent: 'tick',
  delivered: 'ticks',
  read: 'ticks',
  failed: 'alert',
}

export interface MessageStatusProps {
  message: Pick<LocalMessage, 'status' | 'isUnconfirmed'>
  /** Whether more than one other person is in the chat. */
  isGroup?: boolean
  strings?: Partial<ChatStrings> | undefined
}

/** How far an own message has come: one tick, two, two in colour, and the word for it. */
export function MessageStatus({ message, isGroup = false, strings: own }: MessageStatusProps) {
  const strings = useChatStrings(own)
  const { status, isUnconfirmed } = message
  if (status === undefined) return null
  const word =
    isUnconfirmed && (status === 'sending' || status === 'queued')
      ? strings.unconfirmed
      : isGroup && status === 'delivered'
        ? strings.deliveredToAll
        : strings.status[status]
  return (
    <span data-belfry-ticks={status} title={word}>
      <ChatIcon name={ICONS[status]} />
      <span data-belfry-hidden="">{word}</span>
      {isUnconfirmed && status !== 'failed' && <span data-part="word">{strings.unconfirmed}</span>}
    </span>
  )
}
