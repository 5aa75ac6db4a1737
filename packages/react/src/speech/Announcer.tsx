import { useSyncExternalStore } from 'react'
import { useKit } from '../kit/KitContext.ts'
import { SILENCE } from './announcements.ts'

const serverSnapshot = () => SILENCE

/**
 * The two regions that screen readers listen to. They are there, and empty, before anything is said: a region that
 * comes together with its text is often not read. Mount one per page.
 */
export function Announcer() {
  const { announcements } = useKit()
  const { polite, assertive, turn } = useSyncExternalStore(
    announcements.subscribe,
    announcements.getSnapshot,
    serverSnapshot,
  )
  // A new element for each text: the same words twice would be no change, and stay unheard.
  return (
    <>
      <div data-belfry-announcer="polite" role="status" aria-live="polite" aria-atomic="true">
        {polite && (
          <span key={turn} dir="auto">
            {polite}
          </span>
        )}
      </div>
      <div data-belfry-announcer="assertive" role="alert" aria-live="assertive" aria-atomic="true">
        {assertive && (
          <span key={turn} dir="auto">
            {assertive}
          </span>
        )}
      </div>
    </>
  )
}
