import type { LocalMessage } from '@belfry/client/chat'

export type ChatRow =
  | { kind: 'day'; key: string; label: string }
  | { kind: 'unread'; key: string }
  | {
      kind: 'message'
      key: string
      message: LocalMessage
      /** The first and the last of what one person says in a row. */
      isFirst: boolean
      isLast: boolean
    }

interface RowOptions {
  firstUnreadSeq: number | undefined
  /** The heading under which a time falls. */
  dayOf(createdAt: string): string
}

/** What one says within this time, without anybody else in between, belongs together. */
const TOGETHER_MS = 5 * 60_000

function isTogether(a: LocalMessage | undefined, b: LocalMessage | undefined): boolean {
  if (!a || !b || a.senderId !== b.senderId || a.isOwn !== b.isOwn) return false
  if (a.messageType === 'system' || b.messageType === 'system') return false
  return Math.abs(Date.parse(b.createdAt) - Date.parse(a.createdAt)) < TOGETHER_MS
}

/** Messages as they stand under each other: days, the line above what is unread, and who speaks. Pure. */
export function chatRowsOf(
  messages: readonly LocalMessage[],
  { firstUnreadSeq, dayOf }: RowOptions,
): ChatRow[] {
  const rows: ChatRow[] = []
  let day = ''
  for (const [index, message] of messages.entries()) {
    const label = dayOf(message.createdAt)
    const isNewDay = label !== day
    if (isNewDay) rows.push({ kind: 'day', key: `day:${message.key}`, label })
    day = label
    const isUnreadHere = message.seq !== undefined && message.seq === firstUnreadSeq
    if (isUnreadHere) rows.push({ kind: 'unread', key: 'unread' })
    const next = messages[index + 1]
    const isBroken = next !== undefined && (dayOf(next.createdAt) !== day || next.seq === firstUnreadSeq)
    rows.push({
      kind: 'message',
      key: message.key,
      message,
      isFirst: isNewDay || isUnreadHere || !isTogether(messages[index - 1], message),
      isLast: (next?.seq !== undefined && isBroken) || !isTogether(message, next),
    })
  }
  return rows
}
