import type { Presence } from '@belfry/protocol'
import { useMemo } from 'react'
import { useChatKit } from './ChatProvider.tsx'
import type { OwnStatus, PresenceStatus } from './strings.ts'
import { useOpened, useRead } from './views.ts'

const NOBODY: ReadonlyMap<string, Presence> = new Map()

export interface ShownPresence {
  status: PresenceStatus
  isOnline: boolean
  /** ISO 8601, to the minute; null: never, or not for this reader. */
  lastActive: string | null
  text?: string | undefined
}

const UNKNOWN: ShownPresence = { status: 'offline', isOnline: false, lastActive: null }

/** Whether these people are there; kept up to date while the component is on the page. */
export function usePresences(userIds: readonly string[]): (userId: string) => ShownPresence {
  const { chats } = useChatKit()
  const key = userIds.join('\n')
  const open = useMemo(() => {
    const ids = key === '' ? [] : key.split('\n')
    return chats && ids.length > 0 ? () => chats.presence(ids) : undefined
  }, [chats, key])
  const known = useRead(useOpened(open), NOBODY)
  return (userId) => known.get(userId) ?? UNKNOWN
}

/**
 * Whether somebody is there.
 * @example
 * import { usePresence } from '@belfry/react/chat'
 * export const Light = ({ userId }: { userId: string }) => <i>{usePresence(userId).isOnline ? '●' : '○'}</i>
 */
export function usePresence(userId: string): ShownPresence {
  return usePresences(useMemo(() => [userId], [userId]))(userId)
}

/** How one is shown to others, and what changes it. */
export function useMyPresence() {
  const { chats } = useChatKit()
  const own = useRead<Presence | undefined>(chats?.me, undefined)
  return {
    ...(own ?? UNKNOWN),
    setStatus: (status: OwnStatus, options: { text?: string; until?: string } = {}) =>
      chats?.me.set(status, options),
  }
}
