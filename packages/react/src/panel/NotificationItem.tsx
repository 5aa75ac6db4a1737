import { type Item, isSafeLink } from '@belfry/protocol'
import { type MouseEvent, memo, type ReactNode, useId, useState } from 'react'
import { RelativeTime } from '../dates/RelativeTime.tsx'
import { useDateLabel } from '../dates/useDateLabel.ts'
import { useActions } from '../inbox/inbox-actions.ts'
import { openItem, runAction } from '../inbox/visits.ts'
import { useKit } from '../kit/KitContext.ts'
import { useStrings } from '../kit/useStrings.ts'
import { SnoozeButton } from '../snooze/SnoozeButton.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { PanelIcon } from '../ui/PanelIcon.tsx'
import { type PartProps, part, useElements } from '../ui/part.ts'

/** A row that is younger when it appears is greeted by a short highlight. */
const FRESH_MS = 5_000

export type ItemAction = 'read' | 'snooze' | 'archive' | 'delete'

export interface NotificationItemProps extends PartProps {
  item: Item
  /** Place among the rows, from 1, and their number; -1 while it is not known. */
  position?: number
  setSize?: number
  actions?: readonly ItemAction[]
  isSelected?: boolean
  isInGroup?: boolean
  /** In place of reading it and going where it points. */
  onOpen?: (item: Item) => void
}

const Row = memo(function NotificationItem(props: NotificationItemProps) {
  const { item, position, setSize, className, style, isSelected, isInGroup } = props
  const kit = useKit()
  const element = useElements()
  const id = useId()
  const isUnread = item.readAt === null
  const [isFresh] = useState(() => kit.now() - Date.parse(item.createdAt) < FRESH_MS)
  const look = kit.lookOf(item.type)
  const open = (event: MouseEvent) => {
    const isOwn = event.target instanceof Element && event.target.closest('button, input')
    const isElsewhere = event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0
    if (isOwn || isElsewhere) return
    event.preventDefault()
    if (props.onOpen) props.onOpen(item)
    else openItem(kit, item)
  }
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list opens the focused row by Enter
    <article
      className={className}
      style={style}
      data-belfry-row={item.id}
      data-unread={isUnread || undefined}
      data-unseen={item.seenAt === null || undefined}
      data-fresh={isFresh || undefined}
      data-selected={isSelected || undefined}
      data-in-group={isInGroup || undefined}
      data-priority={item.priority}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: articles of a feed take the focus (WAI-ARIA feed pattern)
      tabIndex={0}
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-message`}
      aria-posinset={position}
      aria-setsize={setSize}
      onClick={open}
    >
      <span {...element('mark')} aria-hidden="true" />
      <ItemPicture item={item} icon={look.icon} color={look.color} />
      <ItemWords {...props} id={id} />
      <ItemTools {...props} />
    </article>
  )
})

/** Opens by a click anywhere but on what has a click of its own; a link also opens elsewhere, as links do. */
export const NotificationItem = part('item', Row)

function ItemPicture({ item, icon, color }: { item: Item; icon: ReactNode; color: string | undefined }) {
  const element = useElements()
  const picture = item.actor?.avatarUrl ?? item.icon
  const own = color === undefined ? {} : { style: { '--belfry-tone': color } as React.CSSProperties }
  return (
    <span {...element('picture')} aria-hidden="true" {...own}>
      {picture && isSafeLink(picture) ? (
        <img src={picture} alt="" loading="lazy" referrerPolicy="no-referrer" />
      ) : (
        (icon ?? <PanelIcon name="bell" />)
      )}
    </span>
  )
}

function ItemWords({ item, id }: NotificationItemProps & { id: string }) {
  const kit = useKit()
  const element = useElements()
  const strings = useStrings()
  const { url, imageUrl, actions = [] } = item
  return (
    <div {...element('words')}>
      <p {...element('title')} id={`${id}-title`} dir="auto">
        {item.readAt === null && <bdi data-belfry-hidden="">{strings.unreadMark}: </bdi>}
        {url && isSafeLink(url) ? (
          <a href={url} tabIndex={-1}>
            {item.title}
          </a>
        ) : (
          item.title
        )}
      </p>
      <p {...element('message')} id={`${id}-message`} dir="auto">
        {item.message}
      </p>
      {imageUrl && isSafeLink(imageUrl) && (
        <img {...element('image')} src={imageUrl} alt="" loading="lazy" referrerPolicy="no-referrer" />
      )}
      {actions.length > 0 && (
        <div {...element('buttons')}>
          {actions.map((action) => (
            <button
              key={action.id}
              type="button"
              data-belfry-button={action.style ?? 'plain'}
              onClick={() => runAction(kit, item, action.id)}
            >
              {action.label}
            </button>
          ))}
        </div>
      )}
      <p {...element('meta')}>
        {item.priority === 'urgent' && <span {...element('urgent')}>{strings.urgent}</span>}
        {item.actor && <span dir="auto">{item.actor.name}</span>}
        {item.snoozedUntil ? <Wakes at={item.snoozedUntil} /> : <RelativeTime date={item.createdAt} />}
        {item.originId !== undefined && <span>{strings.returned}</span>}
        {item.priority === 'high' && <span data-belfry-hidden="">{strings.high}</span>}
      </p>
    </div>
  )
}

function Wakes({ at }: { at: string }) {
  const label = useDateLabel(at, { style: 'time' })
  return (
    <time dateTime={at}>
      <PanelIcon name="clock" />
      {useStrings().wakes(label)}
    </time>
  )
}

const ALL_ACTIONS: readonly ItemAction[] = ['read', 'snooze', 'archive', 'delete']

/** What is away is brought back, or thrown away. */
const AWAY_ACTIONS = /snooze|delete/

function ItemTools({ item, actions: all = ALL_ACTIONS }: NotificationItemProps) {
  const actions = useActions()
  const strings = useStrings()
  const element = useElements()
  const { id, readAt, archivedAt, snoozedUntil } = item
  const wanted = snoozedUntil ? all.filter((action) => AWAY_ACTIONS.test(action)) : all
  return (
    <div {...element('tools')}>
      {wanted.includes('read') &&
        (readAt === null ? (
          <IconButton icon="check" label={strings.markRead} onClick={() => actions.markRead(id)} />
        ) : (
          <IconButton icon="unread" label={strings.markUnread} onClick={() => actions.markUnread(id)} />
        ))}
      {wanted.includes('snooze') &&
        (snoozedUntil ? (
          <IconButton icon="inbox" label={strings.unsnooze} onClick={() => actions.unsnooze(id)} />
        ) : (
          <SnoozeButton ids={[id]} />
        ))}
      {wanted.includes('archive') &&
        (archivedAt === null ? (
          <IconButton icon="archive" label={strings.archive} onClick={() => actions.archive(id)} />
        ) : (
          <IconButton icon="inbox" label={strings.unarchive} onClick={() => actions.unarchive(id)} />
        ))}
      {wanted.includes('delete') && (
        <IconButton icon="trash" label={strings.remove} onClick={() => actions.remove(id)} />
      )}
    </div>
  )
}
