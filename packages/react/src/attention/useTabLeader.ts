import { createTabLeader, type TabLeader, type TabState } from '@belfry/client/tabs'
import { useContext, useEffect, useState, useSyncExternalStore } from 'react'
import { KitContext } from '../kit/KitContext.ts'

const ALONE: TabState = { isLeader: false, isFocused: false, isAnyFocused: false, mode: 'none' }
const readAlone = () => ALONE
const stays = () => () => undefined

/**
 * Whether this tab acts for all tabs of this device, in the provider's circle or in one of its own.
 * @param name Tabs with the same one elect one leader.
 */
export function useTabLeader(name?: string): Pick<TabState, 'isLeader' | 'isFocused' | 'mode'> {
  const kit = useContext(KitContext)
  const own = useMadeLeader(name)
  const leader = name === undefined ? kit?.leader : own
  const read = leader?.getSnapshot ?? readAlone
  const { isLeader, isFocused, mode } = useSyncExternalStore(leader?.subscribe ?? stays, read, readAlone)
  return { isLeader, isFocused, mode }
}

/** One of this name for as long as there is one; made after rendering, so undefined at first. */
export function useMadeLeader(name: string | undefined): TabLeader | undefined {
  const [leader, setLeader] = useState<TabLeader>()
  useEffect(() => {
    if (name === undefined) return
    const made = createTabLeader(name)
    setLeader(made)
    return () => {
      setLeader(undefined)
      made.close()
    }
  }, [name])
  return leader
}
