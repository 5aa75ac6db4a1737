import { useEffect, useSyncExternalStore } from 'react'
import { Store } from './store.ts'

/** After a failed try, as long as the network may take to come back. */
const RETRY_MS = 3_000

/** Code that a page loads when it first needs it, once. */
export class Later<T> {
  readonly #store = new Store<{ value: T | undefined }>({ value: undefined })
  readonly #bring: () => Promise<T>
  #loading: Promise<T> | undefined

  constructor(bring: () => Promise<T>) {
    this.#bring = bring
  }

  readonly subscribe = this.#store.subscribe

  /** Undefined until it is there. */
  readonly read = (): T | undefined => this.#store.read().value

  /** Again after each failed try. */
  readonly load = (): Promise<T> => {
    this.#loading ??= this.#bring().then(
      (value) => {
        this.#store.change({ value })
        return value
      },
      (error: unknown) => {
        this.#loading = undefined
        throw error
      },
    )
    return this.#loading
  }

  /** Tries until it is there; answers what gives up. */
  keepTrying(): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined
    let isOver = false
    const attempt = () => {
      this.load().catch(() => {
        if (!isOver) timer = setTimeout(attempt, RETRY_MS)
      })
    }
    attempt()
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }
}

const nothing = () => undefined

/** Undefined until it is there, and in the render that hydrates. */
export function useLater<T>(later: Later<T>, isWanted = true): T | undefined {
  const value = useSyncExternalStore(later.subscribe, later.read, nothing)
  useEffect(
    () => (isWanted && later.read() === undefined ? later.keepTrying() : undefined),
    [later, isWanted],
  )
  return value
}
