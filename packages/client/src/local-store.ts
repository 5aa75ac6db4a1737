import { createStore, del, get, keys, set } from 'idb-keyval'

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
    get: async (key) => get(key, store),
    set: async (key, value) => set(key, value, store),
    del: async (key) => del(key, store),
    keys: async () => keys(store),
  }
}

/** A broken store is an empty one. */
export const quietly = <T>(result: Promise<T>): Promise<T | undefined> => result.catch(() => undefined)
