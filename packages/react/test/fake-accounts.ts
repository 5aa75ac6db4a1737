import type { AuthUser } from '../src/auth/auth-requests.ts'
import type { TokenStore } from '../src/auth/token-store.ts'

/** A token as far as a client can tell. */
export const fakeToken = (claims: Record<string, unknown>): string =>
  `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.signature`

export const userOf = (id: string): AuthUser => ({ id, email: `${id}@example.test`, role: 'user' })

export interface FakeRequest {
  route: string
  token: string | undefined
  body: Record<string, unknown>
}

interface FakeReply {
  status?: number
  body?: Record<string, unknown>
}

/** The account routes of a server that does what the test tells it. */
export class FakeAccounts {
  readonly requests: FakeRequest[] = []
  isDown = false
  readonly #now: () => number
  readonly #replies = new Map<string, FakeReply>()
  #made = 0

  constructor(now: () => number) {
    this.#now = now
  }

  /** Another token each time. */
  token(id: string, lifeMs = 3600_000): string {
    this.#made += 1
    const now = this.#now()
    return fakeToken({ sub: id, iat: now / 1000, exp: (now + lifeMs) / 1000, n: this.#made })
  }

  reply(route: string, reply: FakeReply): void {
    this.#replies.set(route, reply)
  }

  get routes(): string[] {
    return this.requests.map(({ route }) => route)
  }

  readonly fetch = async (url: unknown, init: RequestInit = {}): Promise<Response> => {
    const route = String(url).replace('http://belfry.test/api/auth/', '')
    const token = new Headers(init.headers).get('authorization')?.replace('Bearer ', '')
    this.requests.push({ route, token, body: JSON.parse(String(init.body ?? '{}')) })
    await Promise.resolve()
    if (this.isDown) throw new TypeError('Failed to fetch')
    const { status = 200, body = {} } = this.#replies.get(route) ?? {}
    return Response.json({ success: status < 300, ...body }, { status })
  }
}

/** One browser's storage, seen by several tabs. */
export function fakeStorage(): { text: string | null; tab(): TokenStore } {
  const tabs = new Set<() => void>()
  const storage = {
    text: null as string | null,
    tab(): TokenStore {
      let own: () => void
      return {
        read: () => storage.text,
        write(text) {
          const isNew = text !== storage.text
          storage.text = text
          if (isNew) for (const tell of tabs) if (tell !== own) queueMicrotask(tell)
        },
        watch(listener) {
          own = listener
          tabs.add(own)
          return () => tabs.delete(own)
        },
      }
    },
  }
  return storage
}
