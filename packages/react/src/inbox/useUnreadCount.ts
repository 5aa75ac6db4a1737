import type { ClientState } from '@belfry/client'
import { useCallback } from 'react'
import { useKit } from '../kit/KitContext.ts'
import { useClientState } from '../kit/useClientState.ts'

/**
 * How many notifications are unread: the server's number, whatever is loaded.
 * @example
 * import { useUnreadCount } from '@belfry/react'
 * export const Badge = () => <b>{useUnreadCount({ category: 'order' })}</b>
 */
export function useUnreadCount({ category }: { category?: string } = {}): number {
  const select = useCallback(
    (state: ClientState | undefined) =>
      (category === undefined ? state?.counts.unread : state?.counts.byCategory[category]?.unread) ?? 0,
    [category],
  )
  return useClientState(useKit().client, select)
}
