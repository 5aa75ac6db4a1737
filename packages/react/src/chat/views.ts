import { useCallback, useEffect, useState, useSyncExternalStore } from 'react'

interface View {
  close(): void
}

/**
 * A view that is open while the component is on the page.
 * @param open Makes it anew when it changes; undefined while there is nothing to open.
 */
export function useOpened<V extends View>(open: (() => V) | undefined): V | undefined {
  const [view, setView] = useState<V>()
  useEffect(() => {
    if (!open) return
    const opened = open()
    setView(opened)
    return () => {
      setView(undefined)
      opened.close()
    }
  }, [open])
  return view
}

interface Readable<T> {
  getSnapshot(): T
  subscribe(listener: () => void): () => void
}

const stays = (): (() => void) => () => undefined

/** What a store holds now; `empty` while there is none, and on the server. */
export function useRead<T>(store: Readable<T> | undefined, empty: T): T {
  const read = useCallback(() => (store ? store.getSnapshot() : empty), [store, empty])
  const onServer = useCallback(() => empty, [empty])
  return useSyncExternalStore(store?.subscribe ?? stays, read, onServer)
}
