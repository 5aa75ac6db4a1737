import { useChatStrings } from './ChatProvider.tsx'
import type { ChatStrings } from './strings.ts'

/** The line above what has not been read. */
export function UnreadDivider({ strings }: { strings?: Partial<ChatStrings> | undefined }) {
  const { unreadDivider } = useChatStrings(strings)
  return (
    <p data-belfry-divider="unread">
      <span>{unreadDivider}</span>
    </p>
  )
}
