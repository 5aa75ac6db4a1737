import type { AuthUser } from './auth-requests.ts'

/** Where a session is kept between page loads. */
export interface TokenStore {
  /** What was written last: a text, or nothing. A bare token does as well. */
  read(): string | null | undefined | Promise<string | null | undefined>
  write(text: string | null): void
  /** Calls when another tab has written; answers what stops it. */
  watch?(listener: () => void): () => void
}

export type StorageKind = 'local' | 'session' | 'memory'

export function createTokenStore(kind: StorageKind, key: string): TokenStore {
  let memory: string | null = null
  // Merely naming a forbidden storage throws, and on a server there is none.
  const open = () => (kind === 'memory' ? undefined : kind === 'local' ? localStorage : sessionStorage)
  const store: TokenStore = {
    read() {
      try {
        return open()?.getItem(key) ?? memory
      } catch {
        return memory
      }
    },
    write(text) {
      memory = text
      try {
        if (text === null) open()?.removeItem(key)
        else open()?.setItem(key, text)
        // From now on the storage is right, also when another tab empties it.
        if (open()) memory = null
      } catch {
        // Full or forbidden: this tab alone knows.
      }
    },
  }
  return kind === 'local' ? { ...store, watch: (listener) => watchLocal(key, listener) } : store
}

function watchLocal(key: string, listener: () => void): () => void {
  const onStorage = (event: StorageEvent) => {
    // Without a key: everything was cleared.
    if (event.key === key || event.key === null) listener()
  }
  addEventListener('storage', onStorage)
  return () => removeEventListener('storage', onStorage)
}

/** What a store keeps. */
export interface Auth {
  token: string
  user?: AuthUser | undefined
}

export async function readAuth(store: TokenStore): Promise<Auth | undefined> {
  const text = await store.read()
  if (!text) return undefined
  // No token begins like this.
  if (!text.startsWith('{')) return { token: text }
  try {
    const { token, user } = JSON.parse(text) as Partial<Auth>
    return typeof token === 'string' ? { token, user } : undefined
  } catch {
    return undefined
  }
}

export function writeAuth(store: TokenStore, auth: Auth | undefined): void {
  store.write(auth ? JSON.stringify({ token: auth.token, user: auth.user }) : null)
}
