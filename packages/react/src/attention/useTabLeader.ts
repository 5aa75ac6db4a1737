import type { TabLeader, TabState } from '@belfry/client/tabs'
import { useContext, useEffect, useState, useSyncExternalStore } from 'react'
import { KitContext } from '../kit/KitContext.ts'
import { useClientState } from '../kit/useClientState.ts'
import { userIdIn } from '../kit/user-id.ts'
import { Later, useLater } from '../ui/later.ts'

const ALONE: TabState = { isLeader: false, isFocused: false, isAnyFocused: false, mode: 'none' }
const readAlone = () => ALONE
const stays = () => () => undefined

/** Tabs need no leader before something makes a noise. */
const lateTabs = new Later(() => import('@belfry/client/tabs'))

/** Those of this tab by name: who asks for the same shares one, or they would wait for each other. */
const leaders = new Map<string, { leader: TabLeader; users: number }>()

/**
 * Whether this tab acts for all tabs of this device, in the user's circle or in one of its own.
 * @param name Tabs with the same one elect one leader.
 */
export function useTabLeader(name?: string): Pick<TabState, 'isLeader' | 'isFocused' | 'mode'> {
  const leader = useLeader(name)
  const read = leader?.getSnapshot ?? readAlone
  const { isLeader, isFocused, mode } = useSyncExternalStore(leader?.subscribe ?? stays, read, readAlone)
  return { isLeader, isFocused, mode }
}

/** Of this name, or of the tabs of the signed-in user; made after rendering, so undefined at first. */
export function useLeader(ownName?: string): TabLeader | undefined {
  const userId = useClientState(useContext(KitContext)?.client, userIdIn)
  const name = ownName ?? userId
  const tabs = useLater(lateTabs)
  const [leader, setLeader] = useState<TabLeader>()
  useEffect(() => {
    if (name === undefined || !tabs) return
    const shared = leaders.get(name) ?? { leader: tabs.createTabLeader(name), users: 0 }
    leaders.set(name, shared)
    shared.users += 1
    setLeader(shared.leader)
    return () => {
      setLeader(undefined)
      shared.users -= 1
      if (shared.users > 0) return
      leaders.delete(name)
      shared.leader.close()
    }
  }, [name, tabs])
  return leader
}
