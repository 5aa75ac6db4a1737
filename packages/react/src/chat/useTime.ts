import { useNow } from '../dates/ticker.ts'
import { useKit } from '../kit/KitContext.ts'

/** Hours and minutes as the reader writes them; in UTC until the page is in a browser. */
export function useTime(date: string): string {
  const { locale, timeZone } = useKit()
  if (useNow() === undefined) return date.slice('yyyy-mm-ddT'.length, 'yyyy-mm-ddThh:mm'.length)
  return new Intl.DateTimeFormat(locale, { timeStyle: 'short', ...(timeZone ? { timeZone } : {}) }).format(
    new Date(date),
  )
}
