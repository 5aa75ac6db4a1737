import { useId } from 'react'
import { RelativeTime } from '../dates/RelativeTime.tsx'
import { useActions } from '../inbox/inbox-actions.ts'
import type { ListRow } from '../inbox/rows.ts'
import { useStrings } from '../kit/useStrings.ts'
import { SnoozeButton } from '../snooze/SnoozeButton.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { PanelIcon } from '../ui/PanelIcon.tsx'
import { useElements } from '../ui/part.ts'

interface GroupRowProps {
  row: Extract<ListRow, { kind: 'group' }>
  position: number
  setSize: number
  onToggle(): void
}

/** Several unread items of one group, as one row; reading it reads all. */
export function GroupRow({ row, position, setSize, onToggle }: GroupRowProps) {
  const actions = useActions()
  const strings = useStrings()
  const element = useElements()
  const id = useId()
  const [newest] = row.items
  if (!newest) return null
  const ids = row.items.map((item) => item.id)
  return (
    <article
      data-belfry-row={row.key}
      data-group=""
      data-unread=""
      // biome-ignore lint/a11y/noNoninteractiveTabindex: articles of a feed take the focus (WAI-ARIA feed pattern)
      tabIndex={0}
      aria-labelledby={id}
      aria-posinset={position}
      aria-setsize={setSize}
    >
      <span {...element('mark')} aria-hidden="true" />
      <span {...element('picture')} aria-hidden="true">
        <PanelIcon name="inbox" />
      </span>
      <div {...element('words')}>
        <p {...element('title')} id={id} dir="auto">
          {strings.grouped(newest.title, row.items.length - 1)}
        </p>
        <p {...element('meta')}>
          <button type="button" data-belfry-button="plain" aria-expanded={row.isOpen} onClick={onToggle}>
            {row.isOpen ? strings.collapseGroup : strings.expandGroup(row.items.length)}
          </button>
          <RelativeTime date={newest.createdAt} />
        </p>
      </div>
      <div {...element('tools')}>
        <IconButton icon="check" label={strings.markRead} onClick={() => actions.markRead(ids)} />
        <SnoozeButton ids={ids} />
        <IconButton icon="trash" label={strings.remove} onClick={() => actions.remove(ids)} />
      </div>
    </article>
  )
}
