import type { Item } from '@belfry/protocol'
import { type KeyboardEvent, type RefObject, useCallback, useState } from 'react'
import type { VirtualizerHandle } from 'virtua'
import type { ListRow } from '../inbox/rows.ts'
import type { Notifications } from '../inbox/useNotifications.ts'
import { openItem } from '../inbox/visits.ts'
import { useKit } from '../kit/KitContext.ts'
import type { ShortcutName } from '../kit/strings.ts'
import { leaveList } from './leave-list.ts'
import { commandOf, isTyping, type ShortcutMap } from './shortcuts.ts'

interface ListKeysOptions {
  rows: readonly ListRow[]
  scroller: RefObject<HTMLElement | null>
  virtualizer: RefObject<VirtualizerHandle | null>
  list: Notifications
  /** None: no handler is installed. */
  shortcuts: ShortcutMap | undefined
  selected: ReadonlySet<string>
  setSelected(selected: ReadonlySet<string>): void
  onOpen: ((item: Item) => void) | undefined
}

const ROW = 'data-belfry-row'

const keyOf = (element: Element | null) => element?.getAttribute(ROW) ?? undefined

/** Moves the focus through the rows and does what keys mean for the row that has it. */
export function useListKeys(options: ListKeysOptions) {
  const { rows, scroller, virtualizer, shortcuts } = options
  const kit = useKit()
  const [isHelpOpen, setHelpOpen] = useState(false)
  const focusRow = useCallback(
    (index: number) => {
      const key = rows[index]?.key
      if (key === undefined) return
      virtualizer.current?.scrollToIndex(index, { align: 'nearest' })
      // A row that was far away is there after the next paint.
      focusSoon(
        () => scroller.current?.querySelector<HTMLElement>(`[${ROW}="${CSS.escape(key)}"]`) ?? undefined,
      )
    },
    [rows, scroller, virtualizer],
  )
  // What is first, and where, is known when the list has been rendered anew.
  const focusFirst = () => {
    const find = () => scroller.current?.querySelector<HTMLElement>(`[${ROW}][aria-posinset="1"]`)
    requestAnimationFrame(() => focusSoon(() => find() ?? undefined))
  }
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (!shortcuts || event.defaultPrevented || isTyping(event.target)) return
    const row = event.target instanceof Element ? event.target.closest(`[${ROW}]`) : null
    const isOnRow = row === event.target
    if (leavesFeed(event)) {
      event.preventDefault()
      if (scroller.current) leaveList(scroller.current, event.key === 'End')
      return
    }
    const command = commandOf(event, shortcuts)
    // Keys of a button inside a row are the button's own.
    if (!command || (command === 'open' && !isOnRow)) return
    const index = rows.findIndex((one) => one.key === keyOf(row))
    if (!perform({ ...options, command, index, open: (item) => openItem(kit, item), focusRow, setHelpOpen }))
      return
    event.preventDefault()
    event.stopPropagation()
  }
  return {
    focusFirst,
    isHelpOpen,
    closeHelp: () => setHelpOpen(false),
    handlers: shortcuts ? { onKeyDown } : {},
  }
}

/** Source: ui.md §5, List. */
const leavesFeed = (event: KeyboardEvent) => event.ctrlKey && (event.key === 'Home' || event.key === 'End')

interface Performance extends ListKeysOptions {
  command: ShortcutName
  /** Of the row with the focus; -1 when none has it. */
  index: number
  open(item: Item): void
  focusRow(index: number): void
  setHelpOpen(isOpen: boolean): void
}

/** @returns whether the keys meant something here. */
function perform(performance: Performance): boolean {
  const { command, index, rows, list, focusRow } = performance
  const row = rows[index]
  const ids = performance.selected.size > 0 ? [...performance.selected] : idsOf(row)
  if (command === 'undo') return list.canUndo && done(list.undo())
  if (command === 'search') return focusSearch(performance.scroller.current)
  if (command === 'help') return done(performance.setHelpOpen(true))
  if (command === 'next') return done(focusRow(neighbour(rows, index, 1)))
  if (command === 'previous') return done(focusRow(neighbour(rows, index, -1)))
  if (!row || ids.length === 0) return false
  if (command === 'open')
    return row.kind === 'item' && done((performance.onOpen ?? performance.open)(row.item))
  if (command === 'read') return done(list.markRead(ids))
  if (command === 'unread') return done(list.markUnread(ids))
  if (command === 'snooze') return snooze(performance, row)
  if (command === 'select')
    return done(performance.setSelected(withToggled(performance.selected, idsOf(row))))
  // The focus must not fall out of the list with the row that goes.
  const next = neighbour(rows, index, 1)
  focusRow(next === index ? neighbour(rows, index, -1) : next)
  performance.setSelected(new Set())
  return done(command === 'archive' ? list.archive(ids) : list.remove(ids))
}

const done = (_: unknown): true => true

function idsOf(row: ListRow | undefined): string[] {
  if (row?.kind === 'item') return [row.item.id]
  return row?.kind === 'group' ? row.items.map(({ id }) => id) : []
}

/** Asks until when; brings back what is away. */
function snooze({ scroller, selected, list }: Performance, row: ListRow): boolean {
  if (row.kind === 'item' && row.item.snoozedUntil && selected.size === 0)
    return done(list.unsnooze(row.item.id))
  const place = selected.size > 0 ? '[data-belfry-bulk]' : `[${ROW}="${CSS.escape(row.key)}"]`
  const button = scroller.current
    ?.closest('[data-belfry-list]')
    ?.querySelector<HTMLElement>(`${place} [aria-haspopup="dialog"]`)
  button?.click()
  return button !== undefined && button !== null
}

function focusSearch(scroller: HTMLElement | null): boolean {
  const field = scroller?.closest('[data-belfry]')?.querySelector<HTMLElement>('input[type=search]')
  field?.focus()
  return field !== undefined && field !== null
}

/** The next row that can take the focus in a direction, or the same one at the end. */
function neighbour(rows: readonly ListRow[], from: number, step: 1 | -1): number {
  for (let at = from + step; at >= 0 && at < rows.length; at += step) {
    if (rows[at]?.kind !== 'heading') return at
  }
  return Math.max(from, 0)
}

function withToggled(selected: ReadonlySet<string>, ids: readonly string[]): ReadonlySet<string> {
  const after = new Set(selected)
  for (const id of ids) if (!after.delete(id)) after.add(id)
  return after
}

/** A few frames: rows that come into view are rendered and measured first. */
const FRAMES = 10

function focusSoon(find: () => HTMLElement | undefined, frames = FRAMES): void {
  const element = find()
  if (element) element.focus({ preventScroll: frames === FRAMES })
  else if (frames > 0) requestAnimationFrame(() => focusSoon(find, frames - 1))
}
