import { useChatStrings } from './ChatProvider.tsx'
import type { ChatStrings, PresenceStatus } from './strings.ts'
import { usePresence } from './usePresence.ts'

export interface PresenceDotProps {
  userId: string
  strings?: Partial<ChatStrings> | undefined
}

/** Whether somebody is there: a form and a colour, and its name for who sees neither. */
export function PresenceDot({ userId, strings }: PresenceDotProps) {
  return <StatusDot status={usePresence(userId).status} strings={strings} />
}

export function StatusDot({
  status,
  strings,
}: {
  status: PresenceStatus
  strings?: Partial<ChatStrings> | undefined
}) {
  const { presence } = useChatStrings(strings)
  return (
    <span data-belfry-presence={status} role="img" aria-label={presence[status]} title={presence[status]} />
  )
}
