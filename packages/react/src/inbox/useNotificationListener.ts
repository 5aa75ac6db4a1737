import type { Item } from '@belfry/protocol'
import { useEffect, useRef } from 'react'
import { useKit } from '../kit/KitContext.ts'

/** Source: ui.md §3. */
const MAX_AGE_MS = 10_000

/**
 * Calls once per new notification in this tab.
 * @param type `'*'` for all
 * @param options `replay`: also what is older than 10 s, as after a while offline
 * @example
 * import { useNotificationListener } from '@belfry/react'
 * export function Chime() {
 *   useNotificationListener('order:new', (item) => console.log(item.title))
 *   return null
 * }
 */
export function useNotificationListener(
  type: string,
  listener: (item: Item) => void,
  { replay = false }: { replay?: boolean } = {},
): void {
  const { client, now } = useKit()
  const latest = useRef(listener)
  useEffect(() => {
    latest.current = listener
  })
  useEffect(
    () =>
      client?.onItem((item) => {
        const isOld = now() - Date.parse(item.createdAt) > MAX_AGE_MS
        if ((type === '*' || item.type === type) && (replay || !isOld)) latest.current(item)
      }),
    [client, type, replay, now],
  )
}
