/** A server under test, as the tests see it, and what one may ask for. */

export type Environment = Record<string, string | undefined>

export interface ServerOptions {
  /** Added to (or, when `undefined`, taken out of) the default environment of a test server. */
  env?: Environment
  /** Defaults to a fresh folder that `close` removes. One that is given is left in place. */
  dataDir?: string
  port?: number
  /** Defaults to `['serve']`. */
  args?: readonly string[]
  /** Options of the node binary itself. */
  nodeArgs?: readonly string[]
  /** Runs the sources, whatever copy of the server the other tests run. */
  isSource?: boolean
  /** A command to start the server under, such as `['strace', '-f', …]`; must end by replacing itself. */
  wrap?: readonly string[]
  readyWithinMs?: number
}

export interface Exit {
  code: number | null
  signal: NodeJS.Signals | null
}

export interface Closable {
  close(): unknown
}

export interface BelfryServer {
  readonly url: string
  readonly port: number
  readonly dataDir: string
  readonly env: Environment
  readonly pid: number
  readonly isAlive: boolean
  /** Status of the first answer that this process gave to anybody. */
  readonly firstAnswer: number
  /** Everything written to stdout and stderr since the first start. */
  logs(): string
  /** Settles when the process that runs now has ended. */
  exit(): Promise<Exit>
  signal(signal: NodeJS.Signals): void
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<Exit>
  start(env?: Environment): Promise<void>
  restart(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>
  /** Closes the read end of stdout and stderr, as `| head -1` does. */
  closeOutput(): void
  /** Closed by `closeClients` and `close`, in reverse order. */
  own<T extends Closable>(client: T): T
  closeClients(): Promise<void>
  close(): Promise<void>
}
