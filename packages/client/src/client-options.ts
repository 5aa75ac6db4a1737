import type { TokenReason } from './connection.ts'
import type { Clock } from './environment.ts'
import type { Transport } from './socket-port.ts'

export interface ClientOptions {
  /** Origin of the server, such as `https://belfry.example.com`. */
  url: string
  /** Path of the socket. */
  path?: string
  /** Asked at every attempt, after a refusal and before a token ends. Nothing: nobody is signed in. */
  getToken: (reason: TokenReason) => string | null | undefined | Promise<string | null | undefined>
  /** Who we are, for servers with `AUTH=open`, which take a name in place of a token. */
  userId?: string
  /** Whether the newest items are kept on this device, to be shown at once next time. */
  cache?: 'local' | 'none'
  transports?: readonly Transport[]
  clock?: Clock
}
