/** One server for a test file: started before the first test, its clients closed after each, gone after the last. */
import {
  admin,
  type BelfryServer,
  openPerson,
  type Person,
  type ServerOptions,
  startServer,
} from '@belfry/testkit'
import { afterAll, afterEach, beforeAll, vi } from 'vitest'

export interface Context {
  readonly server: BelfryServer
  /** Who may send: the account of `ADMIN_EMAIL`, or in open mode anybody. */
  readonly admin: Person
}

export function useServer(options: ServerOptions = {}): Context {
  let server: BelfryServer | undefined
  let sender: Person | undefined
  beforeAll(async () => {
    server = await startServer(options)
    sender = options.env?.AUTH === 'open' ? openPerson(server, 'the-sender') : await admin(server)
  }, 60_000)
  afterEach(() => server?.closeClients())
  afterAll(() => server?.close())
  const ready = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('the server is not started yet')
    return value
  }
  return {
    get server() {
      return ready(server)
    },
    get admin() {
      return ready(sender)
    },
  }
}

/** For tests that start servers of their own: every one is closed after its test. */
export function useServers(): (options?: ServerOptions) => Promise<BelfryServer> {
  // A start takes seconds on a busy machine, and these tests start several.
  vi.setConfig({ testTimeout: 60_000 })
  const started: BelfryServer[] = []
  afterEach(async () => {
    await Promise.all(started.splice(0).map((server) => server.close()))
  })
  return async (options) => {
    const server = await startServer(options)
    started.push(server)
    return server
  }
}
