import { useDateLabel } from './useDateLabel.ts'

export interface RelativeTimeProps {
  date: Date | string | number
  className?: string | undefined
}

/** "5 min. ago", with the whole date for machines and for the pointer. */
export function RelativeTime({ date, className }: RelativeTimeProps) {
  const label = useDateLabel(date, { style: 'row' })
  const title = useDateLabel(date, { style: 'full' })
  const at = new Date(date)
  if (Number.isNaN(at.getTime())) return null
  return (
    <time className={className} dateTime={at.toISOString()} title={title}>
      {label}
    </time>
  )
}
