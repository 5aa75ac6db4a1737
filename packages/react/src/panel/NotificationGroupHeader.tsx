import { type PartProps, part } from '../ui/part.ts'

export interface NotificationGroupHeaderProps extends PartProps {
  label: string
}

/** Hidden from screen readers: every row says its own time, and only articles belong into a feed. */
export const NotificationGroupHeader = part(
  'heading',
  function NotificationGroupHeader({ label, className, style }: NotificationGroupHeaderProps) {
    return (
      <div data-belfry-heading="" aria-hidden="true" className={className} style={style}>
        {label}
      </div>
    )
  },
)
