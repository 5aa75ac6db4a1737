/**
 * What every row of security.md §12 also means: the process lives, `/api/health` is 200, a canary on another socket is
 * heard within 1 s, and, unless the row says success, nothing in the store has changed.
 */
import { readFileSync } from 'node:fs'
import {
  compareDumps,
  connected,
  type Dump,
  delay,
  dumpDatabase,
  eventually,
  freshName,
  http,
  list,
  type Note,
  openPerson,
  type Person,
  type Reply,
  register,
  type ServerOptions,
  type SocketRecorder,
  sendTo,
} from '@belfry/testkit'
import { beforeAll, expect } from 'vitest'
import { expectNothingOfTheInside } from './expect.ts'
import { type Context, useServer } from './use-server.ts'

const CANARY_WITHIN_MS = 1_000

export interface HostileContext extends Context {
  /** A user who may be attacked with: signed in, not an admin. */
  readonly user: Person
  /** Runs the row, then checks that the server serves others as before. */
  survive<T>(row: () => Promise<T>): Promise<T>
  /** The same, and nothing in the store may have changed. */
  unchanged<T>(row: () => Promise<T>): Promise<T>
}

/** A dump that two looks agree on: marks of delivery are written a moment after the packet has left. */
async function settledDump(dataDir: string): Promise<Dump> {
  let last = dumpDatabase(dataDir)
  return eventually('the store comes to rest', async () => {
    // Longer than the server gathers what it has handed over, or an earlier test's would count as this one's.
    await delay(150)
    const now = dumpDatabase(dataDir)
    const isSame = compareDumps(last, now).length === 0
    last = now
    return isSame ? now : undefined
  })
}

export function useHostileServer(options: ServerOptions = {}): HostileContext {
  const context = useServer(options)
  const isOpen = options.env?.AUTH === 'open'
  let canary: Person | undefined
  let user: Person | undefined
  beforeAll(async () => {
    canary = isOpen ? openPerson(context.server, 'the-canary') : await register(context.server)
    user = isOpen ? openPerson(context.server, 'the-user') : await register(context.server)
  })

  async function expectServed(pid: number, socket: SocketRecorder): Promise<void> {
    const { server, admin } = context
    expect(server.isAlive).toBe(true)
    expect(server.pid).toBe(pid)
    const health = await http(server).request('GET', '/api/health', { timeoutMs: CANARY_WITHIN_MS })
    expect(health.status).toBe(200)
    const message = freshName('canary')
    await sendTo(admin, must(canary), message)
    await socket.event<Note>('notification', (note) => note.message === message, CANARY_WITHIN_MS)
    await eventually(
      'the canary is marked as delivered',
      async () => (await list(must(canary)))[0]?.status === 'delivered',
    )
  }

  async function survive<T>(row: () => Promise<T>): Promise<T> {
    const { pid } = context.server
    const socket = await connected(context.server, must(canary).auth)
    const result = await row()
    await expectServed(pid, socket)
    socket.close()
    return result
  }

  return {
    get server() {
      return context.server
    },
    get admin() {
      return context.admin
    },
    get user() {
      return must(user)
    },
    survive,
    unchanged: (row) =>
      survive(async () => {
        const before = await settledDump(context.server.dataDir)
        const result = await row()
        const after = await settledDump(context.server.dataDir)
        expect(compareDumps(before, after)).toEqual([])
        return result
      }),
  }
}

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the server is not started yet')
  return value
}

/** A refusal in the contract's form, with one of the statuses that the row allows. */
export function expectRefusedWith(reply: Reply<unknown>, ...statuses: number[]): void {
  expect({ status: reply.status, text: reply.text.slice(0, 300) }).toMatchObject({
    status: expect.toSatisfy((status: number) => statuses.includes(status), `one of ${statuses.join(', ')}`),
  })
  expect(reply.body).toMatchObject({
    success: false,
    code: expect.stringMatching(/^[a-z_]+$/),
    message: expect.stringMatching(/./),
  })
  expectNothingOfTheInside(reply.text)
}

/** Resident memory of the process, in MB. */
export function residentMb(pid: number): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kilobytes) / 1_024
}
