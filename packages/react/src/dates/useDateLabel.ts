import { useKit } from '../kit/KitContext.ts'
import { useStrings } from '../kit/useStrings.ts'
import { type DateStyle, dateLabel } from './date-labels.ts'
import { useNow } from './ticker.ts'

/** A date in words that stay true while the page is open. */
export function useDateLabel(
  date: Date | string | number,
  { style = 'row' }: { style?: DateStyle } = {},
): string {
  const { locale, timeZone } = useKit()
  const strings = useStrings()
  return dateLabel(date, { style, nowMs: useNow(), locale, timeZone, strings })
}
