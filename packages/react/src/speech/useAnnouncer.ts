import { useKit } from '../kit/KitContext.ts'
import type { Announcements } from './announcements.ts'

/** Speaks to screen readers, one text a second. */
export function useAnnouncer(): Pick<Announcements, 'announce'> {
  return useKit().announcements
}
