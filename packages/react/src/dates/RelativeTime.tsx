import { type PartProps, part } from '../ui/part.ts'
import { useDateLabel } from './useDateLabel.ts'

export interface RelativeTimeProps extends PartProps {
  date: Date | string | number
}

/** "5 min. ago", with the whole date for machines and for the pointer. */
export const RelativeTime = part(
  'time',
  function RelativeTime({ date, className, style }: RelativeTimeProps) {
    const label = useDateLabel(date, { style: 'row' })
    const title = useDateLabel(date, { style: 'full' })
    const at = new Date(date)
    if (Number.isNaN(at.getTime())) return null
    return (
      <time className={className} style={style} dateTime={at.toISOString()} title={title}>
        {label}
      </time>
    )
  },
)
