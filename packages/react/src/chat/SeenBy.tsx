import type { Member } from '@belfry/protocol'
import { useState } from 'react'
import { useChatStrings } from './ChatProvider.tsx'
import type { ChatStrings } from './strings.ts'
import { useReceipts } from './useChat.ts'

export interface SeenByProps {
  chatId: string
  messageId: string
  strings?: Partial<ChatStrings> | undefined
}

/** Who has read an own message, who has it, and who does not; folded to a number. */
export function SeenBy({ chatId, messageId, strings: own }: SeenByProps) {
  const strings = useChatStrings(own)
  const { readBy, deliveredTo, pending } = useReceipts(chatId, messageId)
  const [isOpen, setOpen] = useState(false)
  if (readBy.length === 0) return null
  return (
    <div data-belfry-seen-by="">
      <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {strings.seenBy(readBy.length)}
      </button>
      {isOpen && (
        <dl>
          <Names title={strings.seenByTitle} members={readBy} />
          <Names title={strings.deliveredTo} members={deliveredTo} />
          <Names title={strings.notYet} members={pending} />
        </dl>
      )}
    </div>
  )
}

function Names({ title, members }: { title: string; members: readonly Member[] }) {
  if (members.length === 0) return null
  return (
    <div>
      <dt>{title}</dt>
      <dd dir="auto">{members.map(({ name }) => name).join(', ')}</dd>
    </div>
  )
}
