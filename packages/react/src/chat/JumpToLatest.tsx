import { ChatIcon } from './ChatIcon.tsx'
import { useChatStrings } from './ChatProvider.tsx'
import type { ChatStrings } from './strings.ts'

export interface JumpToLatestProps {
  /** Messages below what is on screen. */
  count: number
  onClick(): void
  strings?: Partial<ChatStrings> | undefined
}

/** Back to the end of a chat that was scrolled up. */
export function JumpToLatest({ count, onClick, strings }: JumpToLatestProps) {
  const { jumpToLatest } = useChatStrings(strings)
  return (
    <button type="button" data-belfry-jump="" onClick={onClick}>
      <ChatIcon name="down" />
      {jumpToLatest(count)}
    </button>
  )
}
