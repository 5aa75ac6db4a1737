import type { ClientState } from '@belfry/client'
import type { Item } from '@belfry/protocol'
import { useCallback, useMemo } from 'react'
import { useKit } from '../kit/KitContext.ts'
import { useClientState } from '../kit/useClientState.ts'
import { useActions } from './inbox-actions.ts'
import { runAction } from './visits.ts'

/** One notification of those that are loaded, and what can be done to it. */
export interface OneNotification {
  item: Item | undefined
  markAsRead(): Promise<void>
  markAsUnread(): Promise<void>
  remove(): Promise<void>
  /** Follows a button of the notification, which reads it. */
  runAction(actionId: string): void
}

/** @param id Of a notification that is loaded; else `item` is undefined. */
export function useNotification(id: string): OneNotification {
  const kit = useKit()
  const actions = useActions()
  const select = useCallback(
    (state: ClientState | undefined) => state?.items.find((item) => item.id === id),
    [id],
  )
  const item = useClientState(kit.client, select)
  return useMemo(
    () => ({
      item,
      markAsRead: () => actions.markRead(id),
      markAsUnread: () => actions.markUnread(id),
      remove: () => actions.remove(id),
      runAction: (actionId) => item && runAction(kit, item, actionId),
    }),
    [actions, kit, id, item],
  )
}
