/** Source: ui.md C7, the time that a command has for its answer. */
export const REQUEST_MS = 10_000

export interface AuthUser {
  id: string
  email: string | null
  role: string
  roles?: readonly string[]
}

export interface Registration {
  email: string
  password: string
  role?: string
}

export interface AuthFailure {
  code: string
  message: string
}

/** What became of signing in. */
export interface AuthResult extends Partial<AuthFailure> {
  success: boolean
  user?: AuthUser
  token?: string
}

export interface AuthReply extends AuthResult {
  /** Of HTTP; 0 when nothing came back. */
  status: number
}

export interface AuthRequest {
  token?: string
  /** Makes it a POST. */
  json?: unknown
}

export type AuthRequestName = 'register' | 'login' | 'refresh' | 'logout' | 'me'

export type SendAuthRequest = (name: AuthRequestName, request: AuthRequest) => Promise<AuthReply>

const NOTHING_CAME: AuthReply = {
  success: false,
  status: 0,
  code: 'disconnected',
  message: 'The server cannot be reached.',
}

/** Asks the account routes of contract.md §3; never rejects. */
export function createAuthRequests(baseUrl: string, send: typeof fetch = fetch): SendAuthRequest {
  return async (name, { token, json }) => {
    try {
      const response = await send(`${baseUrl.replace(/\/$/, '')}/api/auth/${name}`, {
        method: json === undefined ? 'GET' : 'POST',
        headers: {
          ...(json === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        },
        ...(json === undefined ? {} : { body: JSON.stringify(json) }),
        // Someone who signs out often leaves the page with the same click.
        keepalive: name === 'logout',
        signal: AbortSignal.timeout(REQUEST_MS),
      })
      const { status, ok } = response
      const body = (await response.json().catch(() => ({}))) as Partial<AuthReply>
      return ok ? { ...body, success: true, status } : { code: 'internal', ...body, success: false, status }
    } catch {
      return NOTHING_CAME
    }
  }
}

export const failureOf = ({ code = 'internal', message = code }: AuthReply): AuthFailure => ({
  code,
  message,
})
