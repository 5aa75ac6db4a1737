import type { ItemFilter } from '@belfry/client'
import type { Counts } from '@belfry/protocol'
import { type KeyboardEvent, useRef } from 'react'
import type { Notifications } from '../inbox/useNotifications.ts'
import { useKit } from '../kit/KitContext.ts'
import type { Strings } from '../kit/strings.ts'
import { useStrings } from '../kit/useStrings.ts'
import { type PartProps, part, useElements } from '../ui/part.ts'

export interface NotificationFiltersProps extends PartProps {
  list: Notifications
  /** Element that the chosen filter fills. */
  controls?: string
}

interface Choice {
  key: string
  label: string
  filter: ItemFilter
  count: number | undefined
}

/** All, unread, a chip per category, archived, snoozed, with the server's numbers. Words of a search stay while they change. */
export const NotificationFilters = part(
  'filters',
  function NotificationFilters({ list, controls, className, style }: NotificationFiltersProps) {
    const { lookOf } = useKit()
    const strings = useStrings()
    const element = useElements()
    const tabs = useRef<HTMLDivElement>(null)
    const choices = choicesOf(list.counts, strings, (category) => lookOf(category).label ?? capital(category))
    const chosen = choices.find(({ filter }) => isSame(filter, list.filter)) ?? choices[0]
    const choose = (index: number) => {
      const choice = choices[(index + choices.length) % choices.length]
      if (!choice) return
      const { search } = list.filter
      list.setFilter(search === undefined ? choice.filter : { ...choice.filter, search })
      tabs.current?.querySelectorAll<HTMLElement>('[role=tab]')[choices.indexOf(choice)]?.focus()
    }
    const onKeyDown = (event: KeyboardEvent) => {
      const at = chosen ? choices.indexOf(chosen) : 0
      const isMirrored = getComputedStyle(event.currentTarget).direction === 'rtl'
      const next = stepOf(event.key, at, choices.length, isMirrored)
      if (next === undefined) return
      event.preventDefault()
      choose(next)
    }
    return (
      <div
        ref={tabs}
        role="tablist"
        tabIndex={-1}
        aria-label={strings.filters}
        data-belfry-filters=""
        className={className}
        style={style}
        onKeyDown={onKeyDown}
      >
        {choices.map((choice, index) => (
          <button
            key={choice.key}
            type="button"
            role="tab"
            aria-selected={choice === chosen}
            aria-controls={controls}
            tabIndex={choice === chosen ? 0 : -1}
            onClick={() => choose(index)}
          >
            {choice.label}
            {choice.count ? <span {...element('count')}>{choice.count}</span> : null}
          </button>
        ))}
      </div>
    )
  },
)

/** @returns words for a filter that is on; undefined when everything is shown. */
export function labelOf(
  filter: ItemFilter,
  strings: Strings,
  lookOf: (type: string) => { label?: string },
): string | undefined {
  if (filter.search) return filter.search
  if (filter.archived) return strings.filterArchived
  if (filter.snoozed) return strings.filterSnoozed
  const named = filter.category ?? filter.type
  if (named !== undefined) return lookOf(named).label ?? capital(named)
  return filter.unread ? strings.filterUnread : filter.priority
}

function choicesOf(counts: Counts, strings: Strings, nameOf: (category: string) => string): Choice[] {
  const categories = Object.entries(counts.byCategory).filter(([, { total }]) => total > 0)
  return [
    { key: 'all', label: strings.filterAll, filter: {}, count: undefined },
    { key: 'unread', label: strings.filterUnread, filter: { unread: true }, count: counts.unread },
    ...categories.map(([category, { unread }]) => ({
      key: `category:${category}`,
      label: nameOf(category),
      filter: { category },
      count: unread,
    })),
    { key: 'archived', label: strings.filterArchived, filter: { archived: true }, count: undefined },
    { key: 'snoozed', label: strings.filterSnoozed, filter: { snoozed: true }, count: counts.snoozed },
  ]
}

const isSame = (a: ItemFilter, b: ItemFilter) =>
  a.unread === b.unread &&
  a.archived === b.archived &&
  a.snoozed === b.snoozed &&
  a.category === b.category &&
  b.type === undefined

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

function stepOf(key: string, at: number, count: number, isMirrored: boolean): number | undefined {
  if (key === 'Home') return 0
  if (key === 'End') return count - 1
  if (key === 'ArrowRight') return at + (isMirrored ? -1 : 1)
  if (key === 'ArrowLeft') return at + (isMirrored ? 1 : -1)
  return undefined
}
