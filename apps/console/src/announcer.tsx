import type { Announcements } from './announcements.ts'
import { useStore } from './hooks.ts'

export function Announcer({ announcements }: { announcements: Announcements }) {
  const { polite, assertive } = useStore(announcements.store)
  return (
    <>
      <div className="visually-hidden" role="status" aria-live="polite" aria-atomic="true">
        {polite}
      </div>
      <div className="visually-hidden" role="alert" aria-live="assertive" aria-atomic="true">
        {assertive}
      </div>
    </>
  )
}
