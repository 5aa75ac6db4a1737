import type { ClientState } from '@belfry/client'
import { useEffect, useState } from 'react'
import { deviceStorage } from '../attention/device-storage.ts'
import { useKit } from '../kit/KitContext.ts'
import { useClientState } from '../kit/useClientState.ts'
import { userIdIn } from '../kit/user-id.ts'

/** A look that is shorter is no visit. The time after which a row counts as seen, ui.md §5. */
const VISIT_MS = 1_000

const keyOf = (userId: string) => `belfry:visit:${userId}`
const newestIn = (state: ClientState | undefined) => (state?.isStale ? undefined : state?.items[0]?.id)

/**
 * While a list is open, the newest item that it had when this user last looked at one on this device. Undefined the
 * first time.
 */
export function useLastVisit(): string | undefined {
  const { client } = useKit()
  const userId = useClientState(client, userIdIn)
  const newest = useClientState(client, newestIn)
  const [last, setLast] = useState<string>()
  useEffect(() => {
    setLast(userId === undefined ? undefined : (deviceStorage()?.getItem(keyOf(userId)) ?? undefined))
  }, [userId])
  useEffect(() => {
    if (userId === undefined || newest === undefined) return
    const timer = setInterval(() => {
      if (document.hidden) return
      clearInterval(timer)
      try {
        deviceStorage()?.setItem(keyOf(userId), newest)
      } catch {
        // Full: the next visit begins where this one did.
      }
    }, VISIT_MS)
    return () => clearInterval(timer)
  }, [userId, newest])
  return last
}
