import type { Item } from '@belfry/protocol'
import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { iconOf } from './kinds.ts'
import { absoluteTime, relativeTime } from './relative-time.ts'

/** Younger rows are greeted with a short highlight. */
const FRESH_MS = 5_000

interface RowProps {
  item: Item
  /** Server time. */
  nowMs: number
  onRead(): void
  onRemove(isByKeyboard: boolean): void
}

export function Row({ item, nowMs, onRead, onRemove }: RowProps) {
  const createdMs = Date.parse(item.createdAt)
  const [isFresh] = useState(() => Date.now() - createdMs < FRESH_MS)
  const Icon = iconOf(item.type)
  return (
    <li className="row" data-unread={!item.isRead} data-fresh={isFresh} data-priority={item.priority}>
      <button type="button" className="row-main" onClick={() => item.isRead || onRead()}>
        <span className="tile" aria-hidden="true">
          <Icon size={17} />
        </span>
        <span className="row-words">
          <span className="row-top">
            {!item.isRead && <span className="visually-hidden">Unread: </span>}
            <span className="row-title" dir="auto">
              {item.title}
            </span>
            <time dateTime={item.createdAt} title={absoluteTime(createdMs)}>
              {relativeTime(createdMs, nowMs)}
            </time>
          </span>
          <span className="row-message" dir="auto">
            {item.message}
          </span>
          {item.priority === 'urgent' && <span className="urgent">Urgent</span>}
        </span>
        <span className="dot" aria-hidden="true" />
      </button>
      <button
        type="button"
        className="icon-button row-delete"
        aria-label={`Delete ${item.title}`}
        title="Delete"
        onClick={(event) => onRemove(event.detail === 0)}
      >
        <Trash2 size={15} aria-hidden="true" />
      </button>
    </li>
  )
}
