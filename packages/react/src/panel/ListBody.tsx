import { type RefObject, useEffect, useMemo, useRef, useState } from 'react'
import { Virtualizer, type VirtualizerHandle } from 'virtua'
import { dateLabel } from '../dates/date-labels.ts'
import { useNow } from '../dates/ticker.ts'
import type { GroupBy, ListRow } from '../inbox/rows.ts'
import { rowsOf, withDivider } from '../inbox/rows.ts'
import type { Notifications } from '../inbox/useNotifications.ts'
import { useKit } from '../kit/KitContext.ts'
import { useStrings } from '../kit/useStrings.ts'
import { PanelIcon } from '../ui/PanelIcon.tsx'
import { part, useElements } from '../ui/part.ts'
import { useIsShifted } from './anchor.ts'
import { BulkBar } from './BulkBar.tsx'
import { GroupRow } from './GroupRow.tsx'
import { HelpDialog } from './HelpDialog.tsx'
import { ListState } from './ListState.tsx'
import { NewItemsPill } from './NewItemsPill.tsx'
import { NotificationGroupHeader } from './NotificationGroupHeader.tsx'
import { NotificationItem } from './NotificationItem.tsx'
import type { NotificationListProps } from './NotificationList.tsx'
import { defaultShortcuts, type ShortcutMap } from './shortcuts.ts'
import { useLastVisit } from './useLastVisit.ts'
import { useListKeys } from './useListKeys.ts'
import { useSeen } from './useSeen.ts'
import { useTop } from './useTop.ts'

/** How far from the end the next page is asked for: about two screens of rows. */
const PRELOAD_PX = 800

/** Here at once: a key must not open it after the next key was to close it. */
const Help = part('help', HelpDialog)

/** The rows: virtual, keyboard-ready, anchored while scrolled; saying why when there are none. */
export function ListBody(props: NotificationListProps) {
  const { list, className, style, groupBy = 'date', semantics = 'feed', seenOn = 'visible' } = props
  const strings = useStrings()
  const element = useElements()
  const scroller = useRef<HTMLDivElement>(null)
  const virtualizer = useRef<VirtualizerHandle>(null)
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const rows = useRows(list, groupBy, open)
  const top = useTop(list)
  const shortcuts = shortcutsOf(props.shortcuts)
  const keys = useListKeys({
    rows,
    scroller,
    virtualizer,
    list,
    shortcuts,
    selected,
    setSelected,
    onOpen: props.onItemClick,
  })
  useSeen({ scroller, list, seenOn })
  useFilled(list, scroller)
  const onScroll = (offset: number) => {
    top.onScroll(offset)
    const { scrollSize = 0, viewportSize = 0 } = virtualizer.current ?? {}
    if (list.isFetchingMore) return
    if (list.hasMore && offset + viewportSize > scrollSize - PRELOAD_PX) list.fetchMore()
    else if (list.hasNewer && offset < PRELOAD_PX) list.fetchNewer()
  }
  const showNew = async () => {
    await list.showNew()
    top.toTop()
    virtualizer.current?.scrollToIndex(0)
    keys.focusFirst()
  }
  const toggle = (key: string) => setOpen((before) => toggled(before, key))
  const items = rows.filter((row) => row.kind !== 'heading')
  const isShifted = useIsShifted(rows, virtualizer, top.isScrolled || list.hasNewer)
  return (
    <div data-belfry-list="" className={className} style={style} {...keys.handlers}>
      {selected.size > 0 && <BulkBar ids={[...selected]} onEnd={() => setSelected(new Set())} />}
      {top.newCount > 0 && <NewItemsPill count={top.newCount} onClick={showNew} />}
      {items.length === 0 ? (
        <ListState list={list} renderEmpty={props.renderEmpty} filterLabel={props.filterLabel} />
      ) : (
        <div
          ref={scroller}
          {...element('scroller')}
          {...{ role: semantics === 'feed' ? 'feed' : 'region', 'aria-label': strings.notifications }}
          aria-busy={list.isFetchingMore}
        >
          <Virtualizer
            ref={virtualizer}
            data={rows}
            scrollRef={scroller}
            shift={isShifted}
            onScroll={onScroll}
            {...(semantics === 'list' ? { as: 'ul' as const, item: 'li' as const } : {})}
          >
            {(row: ListRow) => (
              <Row key={row.key} {...props} row={row} rows={items} selected={selected} onToggle={toggle} />
            )}
          </Virtualizer>
          {list.isFetchingMore && (
            <p {...element('more')} aria-hidden="true">
              {strings.loading}
            </p>
          )}
        </div>
      )}
      {keys.isHelpOpen && shortcuts && <Help map={shortcuts} onClose={keys.closeHelp} />}
    </div>
  )
}

interface RowProps extends Omit<NotificationListProps, 'list' | 'className' | 'style'> {
  list: Notifications
  row: ListRow
  rows: readonly ListRow[]
  selected: ReadonlySet<string>
  onToggle(key: string): void
}

function Row({ row, rows, list, selected, onToggle, actions, renderItem, onItemClick }: RowProps) {
  if (row.kind === 'heading') {
    return row.isDivider ? <Divider label={row.label} /> : <NotificationGroupHeader label={row.label} />
  }
  const position = rows.indexOf(row) + 1
  const setSize = list.hasMore ? -1 : rows.length
  if (row.kind === 'group') {
    return <GroupRow row={row} position={position} setSize={setSize} onToggle={() => onToggle(row.key)} />
  }
  const { item } = row
  if (renderItem) return renderItem(item)
  return (
    <NotificationItem
      item={item}
      position={position}
      setSize={setSize}
      isSelected={selected.has(item.id)}
      isInGroup={row.isInGroup}
      {...(actions ? { actions } : {})}
      {...(onItemClick ? { onOpen: onItemClick } : {})}
    />
  )
}

/** Hidden from screen readers, as headings are. */
function Divider({ label }: { label: string }) {
  const element = useElements()
  return (
    <div {...element('divider')} aria-hidden="true">
      <PanelIcon name="up" />
      {label}
    </div>
  )
}

function useRows(list: Notifications, groupBy: GroupBy, open: ReadonlySet<string>): readonly ListRow[] {
  const { items, filter } = list
  const { locale, timeZone, lookOf } = useKit()
  const strings = useStrings()
  const nowMs = useNow()
  const lastVisit = useLastVisit()
  const rows = useMemo(
    () =>
      rowsOf(items, {
        groupBy,
        open: new Set([...open].map((key) => key.slice('group:'.length))),
        dayOf: (item) => dateLabel(item.createdAt, { style: 'header', nowMs, locale, timeZone, strings }),
        typeOf: (item) => lookOf(item.type).label ?? item.type,
      }),
    [items, groupBy, open, nowMs, locale, timeZone, strings, lookOf],
  )
  // What is new is on top only where all of the inbox is in the order of its coming.
  const last =
    groupBy === 'type' || filter.archived || filter.snoozed || filter.search ? undefined : lastVisit
  return useMemo(
    () => (last === undefined ? rows : withDivider(rows, last, strings.newSince)),
    [rows, last, strings],
  )
}

/** Folded rows may be fewer than fill the screen: then nothing can be scrolled, and the next page comes by itself. */
function useFilled(list: Notifications, scroller: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const { hasMore, isFetchingMore, error, fetchMore } = list
    const { scrollHeight = 0, clientHeight = 0 } = scroller.current ?? {}
    if (hasMore && !isFetchingMore && !error && clientHeight > 0 && scrollHeight <= clientHeight) fetchMore()
  }, [list, scroller])
}

function shortcutsOf(wanted: boolean | ShortcutMap = true): ShortcutMap | undefined {
  if (wanted === false) return undefined
  return wanted === true ? defaultShortcuts : wanted
}

function toggled(before: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const after = new Set(before)
  if (!after.delete(key)) after.add(key)
  return after
}
