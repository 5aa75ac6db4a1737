import { type PartProps, part } from '../ui/part.ts'

/** Source: ui.md §4, `max`. */
const MAX = 99

export interface UnreadBadgeProps extends PartProps {
  count: number
  /** Larger numbers show as this and a plus. */
  max?: number
}

/** A number over something that has a name of its own; never read aloud. Nothing when there is nothing to count. */
export const UnreadBadge = part(
  'badge',
  function UnreadBadge({ count, max = MAX, className, style }: UnreadBadgeProps) {
    if (count === 0) return null
    return (
      <span data-belfry-badge="" aria-hidden="true" className={className} style={style}>
        {count > max ? `${max}+` : count}
      </span>
    )
  },
)
