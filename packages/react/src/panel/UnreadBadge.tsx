import type { PartProps } from '../ui/part.ts'

/** Source: ui.md §4, `max`. */
const MAX = 99

/** A number over something that has a name of its own; never read aloud. Nothing when there is nothing to count. */
export function UnreadBadge({
  count,
  max = MAX,
  className,
  style,
}: PartProps & { count: number; max?: number }) {
  if (count === 0) return null
  return (
    <span data-belfry-badge="" aria-hidden="true" className={className} style={style}>
      {count > max ? `${max}+` : count}
    </span>
  )
}
