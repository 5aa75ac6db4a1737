import { Store } from '../ui/store.ts'

export interface OnlineState {
  /** What the device says of itself: it may be behind a dead network all the same. */
  readonly online: boolean
  /** Of the last change, in milliseconds since 1970; undefined while there was none. */
  readonly since: number | undefined
}

export const ONLINE: OnlineState = { online: true, since: undefined }

const store = new Store<OnlineState>(ONLINE)
let watchers = 0
let stopWatching = (): void => undefined

export const readOnline = store.read

/** Listens to the device while somebody listens here. */
export function watchOnline(listener: () => void): () => void {
  const stop = store.subscribe(listener)
  if (watchers++ === 0) stopWatching = watchDevice()
  return () => {
    stop()
    if (--watchers === 0) stopWatching()
  }
}

function watchDevice(): () => void {
  const controller = new AbortController()
  const { signal } = controller
  const look = () => {
    const { onLine } = navigator
    if (onLine !== store.read().online) store.change({ online: onLine, since: Date.now() })
  }
  for (const name of ['online', 'offline']) window.addEventListener(name, look, { signal })
  look()
  return () => controller.abort()
}
