import type { SocketSpec } from './wire/wire-socket.ts'

export type TargetName = 'belfry' | 'tutorial' | 'nchan' | 'ceiling'

/** A server that is measured: how to reach it, and the requests that make it deliver. */
export interface Target {
  readonly name: TargetName
  readonly port: number
  /** The process whose memory and CPU count. */
  readonly pid: number
  socketOf(user: number, options?: { readonly keepsCursor?: boolean }): SocketSpec
  /** Raw HTTP requests with the mark's placeholder. `text` is added to the message. */
  sendToOne(user: number, text?: string): string
  sendToMany(users: readonly number[]): string
  sendToAll(): string
  stop(): Promise<void>
}

/** User ids have one width, so that all requests have one length. */
export const userId = (user: number): string => `u${String(user).padStart(7, '0')}`

/** The seeded session that a user's token belongs to. */
export const sessionId = (user: number): string => `session-${userId(user)}`

// Servers bound connections per address; a crowd of real users has many. The whole of 127/8 is the loopback interface.
const SOCKETS_PER_ADDRESS = 40
export const localAddressOf = (user: number): string => {
  const address = 1 + Math.floor(user / SOCKETS_PER_ADDRESS)
  return `127.0.${1 + (address >> 7)}.${1 + (address & 127)}`
}

export interface RequestSpec {
  readonly port: number
  readonly method?: 'GET' | 'POST'
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** A raw HTTP/1.1 request of ASCII text on a keep-alive connection. */
export const rawRequest = ({ port, method = 'POST', path, headers = {}, body }: RequestSpec): string => {
  const content = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)
  const lines = Object.entries({
    Host: `127.0.0.1:${port}`,
    ...(body === undefined
      ? {}
      : { 'Content-Type': 'application/json', 'Content-Length': String(content.length) }),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`)
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${content}`
}

export const SOCKET_IO_PATH = '/socket.io/?EIO=4&transport=websocket'

/** What every server is asked to deliver; `text` makes it larger. */
export const payload = (mark: string, text = '') => ({
  type: 'order:new',
  title: 'A new order',
  message: `Order received ${mark}${text}`,
  meta: { orderId: 'o-4711', amount: 12.5 },
})
