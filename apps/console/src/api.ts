import type { Item } from '@belfry/protocol'

export interface Session {
  token: string
  user: { id: string; email: string; role: string }
}

export interface SamplePerson {
  name: string
  email: string
  role: string
}

export interface PlaygroundFacts {
  users: SamplePerson[]
  room: string
  /** Id of the chat of the two. */
  chat: string
}

export interface Draft {
  type: string
  title: string
  message: string
  priority: Item['priority']
  /** Data of the app's own, which goes along. */
  meta: Record<string, unknown>
}

/** The server's refusal, in its own words. */
class ApiFailure extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.name = 'ApiFailure'
    this.status = status
  }
}

interface Call {
  body?: unknown
  token?: string
}

/** @throws ApiFailure when the server refuses or is not there */
async function post<T>(path: string, { body = {}, token }: Call): Promise<T> {
  const headers = {
    'Content-Type': 'application/json',
    ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
  }
  return answerOf<T>(fetch(path, { method: 'POST', headers, body: JSON.stringify(body) }))
}

async function answerOf<T>(pending: Promise<Response>): Promise<T> {
  const response = await pending.catch(() => {
    throw new ApiFailure(0, 'The server does not answer. Is it running?')
  })
  const body: unknown = await response.json().catch(() => undefined)
  // Page and server are built from the same commit, so a success has the shape that the command table says.
  if (response.ok) return body as T
  throw new ApiFailure(response.status, messageIn(body) ?? `The server answered ${response.status}.`)
}

function messageIn(body: unknown): string | undefined {
  const isObject = typeof body === 'object' && body !== null && 'message' in body
  return isObject && typeof body.message === 'string' ? body.message : undefined
}

/** Nothing when the playground is off. */
export async function loadPlayground(): Promise<PlaygroundFacts | undefined> {
  try {
    return await answerOf<PlaygroundFacts>(fetch('/api/playground'))
  } catch (error) {
    if (error instanceof ApiFailure && error.status === 404) return undefined
    throw error
  }
}

export const openSample = (name: string): Promise<Session> =>
  post('/api/playground/session', { body: { name } })

export const logOut = (token: string): Promise<unknown> => post('/api/auth/logout', { token })

export const sendNotification = (token: string, body: object): Promise<unknown> =>
  post('/api/notifications/send', { token, body })

export const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
