import type { Item } from '@belfry/protocol'
import { useEffect, useRef } from 'react'
import { useNotifications } from '../inbox/useNotifications.ts'
import { openItem } from '../inbox/visits.ts'
import { useKit } from '../kit/KitContext.ts'
import { NotificationPanel, type NotificationPanelProps } from '../panel/NotificationPanel.tsx'

/** Source: ui.md §4, `height`. */
const HEIGHT_PX = 480

export interface BellPanelProps extends Omit<NotificationPanelProps, 'list' | 'headingRef'> {
  /** An item that leads somewhere was opened. */
  onNavigate?: () => void
  /** `false`: opening an item leaves it unread. */
  markReadOnClick?: boolean
}

/** The panel of a bell, with a list of its own that lives while it is open. */
export function BellPanel({ onNavigate, onItemClick, markReadOnClick = true, ...props }: BellPanelProps) {
  const list = useNotifications()
  const kit = useKit()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus({ preventScroll: true }), [])
  const open = (item: Item) => {
    if (onItemClick) onItemClick(item)
    else openItem(kit, item, { isRead: markReadOnClick })
    if (item.url !== undefined) onNavigate?.()
  }
  return (
    <NotificationPanel height={HEIGHT_PX} {...props} list={list} headingRef={heading} onItemClick={open} />
  )
}
