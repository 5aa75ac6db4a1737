/** A small REST client: one object per caller, no cookies, no retries, replies with status, headers and parsed body. */
import type { BelfryServer } from './belfry-server.ts'

/** contract.md §4: one notification in REST lists and events, with all spellings. */
export interface Note {
  id: string
  _id: string
  type: string
  title: string
  message: string
  priority: 'low' | 'medium' | 'high' | 'urgent'
  status: 'pending' | 'delivered' | 'seen' | 'read'
  createdAt: string
  timestamp: string
  readAt: string | null
  is_read: boolean
  isRead: boolean
  meta: Record<string, unknown> | null
}

export interface Account {
  id: string
  email: string
  role: string
}

/** Every field that a reply of the contract may have. Which of them must be there is what the tests check. */
/** contract.md §6: a message as REST and seeds' events show it. */
export interface ChatMessage {
  id: string
  chatId: string
  seq: number
  senderId: string
  content: string
  messageType: string
  media: { url: string; external?: boolean }[]
  createdAt: string
  delivered: boolean
  isRead: boolean
}

export interface Body {
  success?: boolean
  ok?: boolean
  code?: string
  message?: string
  token?: string
  user?: Account
  room?: { id: string }
  notification?: Note
  notifications?: Note[]
  nextCursor?: string | null
  unread?: number
  chat?: { id: string; type: string; memberIds: string[]; unread: number }
  messages?: ChatMessage[]
}

export interface Reply<T = Body> {
  status: number
  headers: Headers
  text: string
  body: T
}

export interface RequestOptions {
  /** Sent as JSON. */
  json?: unknown
  /** Sent as it is, with whatever `content-type` the headers name. */
  raw?: string | Uint8Array<ArrayBuffer>
  headers?: Record<string, string>
  timeoutMs?: number
}

export type Identity = { token: string } | { userId: string } | undefined

export interface HttpClient {
  readonly identity: Identity
  request<T = Body>(method: string, path: string, options?: RequestOptions): Promise<Reply<T>>
  get<T = Body>(path: string): Promise<Reply<T>>
  post<T = Body>(path: string, json?: unknown): Promise<Reply<T>>
  put<T = Body>(path: string, json?: unknown): Promise<Reply<T>>
  delete<T = Body>(path: string): Promise<Reply<T>>
}

export function identityHeaders(identity: Identity): Record<string, string> {
  if (identity === undefined) return {}
  return 'token' in identity
    ? { authorization: `Bearer ${identity.token}` }
    : { 'x-user-id': identity.userId }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** `identity` is a token, or in open mode `{userId}` for `X-User-Id`. */
export function http(server: Pick<BelfryServer, 'url'>, identity?: Identity | string): HttpClient {
  const who: Identity = typeof identity === 'string' ? { token: identity } : identity

  async function request<T = Body>(
    method: string,
    path: string,
    options: RequestOptions = {},
  ): Promise<Reply<T>> {
    const headers: Record<string, string> = { ...identityHeaders(who) }
    let body: string | Uint8Array<ArrayBuffer> | undefined = options.raw
    if (options.json !== undefined) {
      body = JSON.stringify(options.json)
      headers['content-type'] = 'application/json'
    }
    const reply = await fetch(`${server.url}${path}`, {
      method,
      headers: { ...headers, ...options.headers },
      redirect: 'manual',
      signal: AbortSignal.timeout(options.timeoutMs ?? 15_000),
      ...(body === undefined ? {} : { body }),
    })
    const text = await reply.text()
    // The shape is the caller's claim; tests check the fields that they use.
    return { status: reply.status, headers: reply.headers, text, body: parsed(text) as T }
  }

  return {
    identity: who,
    request,
    get: (path) => request('GET', path),
    post: (path, json) => request('POST', path, json === undefined ? {} : { json }),
    put: (path, json) => request('PUT', path, json === undefined ? {} : { json }),
    delete: (path) => request('DELETE', path),
  }
}
