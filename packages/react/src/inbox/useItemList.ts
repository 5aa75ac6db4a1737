import type { BelfryClient, ItemFilter, ItemListView, ListState } from '@belfry/client'
import { useEffect, useState, useSyncExternalStore } from 'react'

const UNKNOWN: ListState = {
  isReady: false,
  items: [],
  hasMore: false,
  hasNewer: false,
  newAbove: 0,
  isFetchingMore: false,
  error: undefined,
}
const unknown = () => UNKNOWN
const stays = () => () => undefined

export interface OpenList {
  state: ListState
  /** Undefined while there is no client, and until the list is open. */
  view: ItemListView | undefined
}

interface Wanted {
  /** The same object while it is the same filter. */
  filter: ItemFilter
  pageSize: number
  /** `false`: no list. */
  isOn: boolean
}

/** A list of the client for as long as the component lives. */
export function useItemList(client: BelfryClient | undefined, { filter, pageSize, isOn }: Wanted): OpenList {
  const [open, setOpen] = useState<{ view: ItemListView; filter: ItemFilter; client: BelfryClient }>()
  useEffect(() => {
    if (!client || !isOn) return
    const view = client.list(filter, { pageSize })
    setOpen({ view, filter, client })
    return () => view.close()
  }, [client, filter, pageSize, isOn])
  // Until the effect has run, the list of the filter before this one must not show.
  const view = isOn && open?.filter === filter && open.client === client ? open.view : undefined
  const state = useSyncExternalStore(view?.subscribe ?? stays, view?.getSnapshot ?? unknown, unknown)
  return { state, view }
}
