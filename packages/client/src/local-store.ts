import { createStore, del, get, keys, set } from 'idb-keyval'
import type { Clock } from './environment.ts'

/** A store that does not answer for so long counts as broken: a browser may leave an open database waiting for ever. */
const PATIENCE_MS = 1_000

/** What a device keeps between visits: values that can be cloned. May be slow, full or broken. */
export interface LocalStore {
  get(key: string): Promise<unknown>
  set(key: string, value: unknown): Promise<void>
  del(key: string): Promise<void>
  keys(): Promise<string[]>
}

/** IndexedDB; undefined where there is none, as in Node. */
export function browserStore(): LocalStore | undefined {
  if (typeof indexedDB === 'undefined') return undefined
  const store = createStore('belfry', 'belfry')
  return {
    get: (key) => get(key, store),
    set: (key, value) => set(key, value, store),
    del: (key) => del(key, store),
    keys: () => keys(store),
  }
}

/** The same store, whose failures look like an empty one: the client goes on without it. */
export function withoutFailures(store: LocalStore, clock: Clock): LocalStore {
  const safely = <T>(run: () => Promise<T>, otherwise: T) =>
    new Promise<T>((resolve) => {
      const end = (value: T) => {
        cancel()
        resolve(value)
      }
      const cancel = clock.schedule(() => resolve(otherwise), PATIENCE_MS)
      new Promise<T>((done) => done(run())).then(end, () => end(otherwise))
    })
  return {
    get: (key) => safely<unknown>(() => store.get(key), undefined),
    set: (key, value) => safely(() => store.set(key, value), undefined),
    del: (key) => safely(() => store.del(key), undefined),
    keys: () => safely<string[]>(() => store.keys(), []),
  }
}
