import { ChatMenu } from './ChatMenu.tsx'
import { useChatStrings } from './ChatProvider.tsx'
import { StatusDot } from './PresenceDot.tsx'
import type { ChatStrings, OwnStatus } from './strings.ts'
import { useMyPresence } from './usePresence.ts'

const CHOICES: readonly OwnStatus[] = ['online', 'away', 'dnd', 'invisible']

/** How one wants to be shown to others. */
export function UserStatusMenu({ strings: own }: { strings?: Partial<ChatStrings> | undefined }) {
  const strings = useChatStrings(own)
  const { status, setStatus } = useMyPresence()
  // Who is here and shown as offline has said so.
  const chosen: OwnStatus = status === 'offline' ? 'invisible' : status
  const items = CHOICES.map((choice) => ({
    label: strings.setStatus[choice],
    isChecked: choice === chosen,
    run: () => void setStatus(choice),
  }))
  return (
    <ChatMenu label={strings.myStatus} button={<StatusDot status={status} strings={own} />} items={items} />
  )
}
