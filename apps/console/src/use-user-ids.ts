import { useCallback, useSyncExternalStore } from 'react'
import type { Person } from './person.ts'

/** The ids of those who are signed in, by name. */
export function useUserIds(people: readonly Person[]): ReadonlyMap<string, string> {
  const subscribe = useCallback(
    (listener: () => void) => {
      const stops = people.map(({ store }) => store.subscribe(listener))
      return () => {
        for (const stop of stops) stop()
      }
    },
    [people],
  )
  const idOf = ({ store }: Person) => store.getSnapshot().session?.user.id ?? ''
  // One string, because React compares what it gets.
  const joined = useSyncExternalStore(subscribe, () => people.map(idOf).join(' '))
  const ids = joined.split(' ')
  return new Map(people.map(({ name }, at) => [name, ids[at] ?? ''] as const).filter(([, id]) => id !== ''))
}
