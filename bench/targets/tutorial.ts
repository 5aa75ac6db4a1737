import { execFileSync } from 'node:child_process'
import { chown } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { requirePostgres } from '../debian.ts'
import { freePort, type Running, start, temporaryFolder, waitUntil } from '../processes.ts'
import { settings } from '../settings.ts'
import { localAddressOf, payload, rawRequest, SOCKET_IO_PATH, type Target, userId } from '../target.ts'
import { MARK_PLACEHOLDER } from '../wire/mark.ts'

const MAIN = fileURLToPath(new URL('../peers/tutorial.ts', import.meta.url))

interface Identity {
  readonly uid: number
  readonly gid: number
}

/** PostgreSQL refuses to run as root. */
const postgresIdentity = (): Identity | undefined => {
  if (process.getuid?.() !== 0) return undefined
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

interface Database {
  readonly url: string
  stop(): Promise<void>
}

/** A private PostgreSQL with its default settings: fsync and synchronous commit are on, as in a first production. */
const startPostgres = async (): Promise<Database> => {
  const bin = await requirePostgres('the peer "tutorial"')
  const folder = await temporaryFolder('postgres')
  const identity = postgresIdentity()
  if (identity !== undefined) await chown(folder, identity.uid, identity.gid)
  execFileSync(`${bin}/initdb`, ['-D', folder, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C'], {
    stdio: 'pipe',
    cwd: folder,
    ...identity,
  })
  const port = await freePort()
  const running: Running = start({
    name: 'PostgreSQL',
    command: `${bin}/postgres`,
    args: ['-D', folder, '-p', String(port), '-k', folder, '-c', 'listen_addresses=127.0.0.1'],
    cpu: settings.postgresCpu,
    // A fast shutdown: SIGTERM would wait for the clients to leave.
    stopSignal: 'SIGINT',
    ...(identity === undefined ? {} : { identity }),
  })
  const isReady = async (): Promise<boolean> => {
    execFileSync(`${bin}/pg_isready`, ['-h', '127.0.0.1', '-p', String(port)], { stdio: 'pipe' })
    return true
  }
  await waitUntil(running, isReady)
  return { url: `postgres://postgres@127.0.0.1:${port}/postgres`, stop: running.stop }
}

export const startTutorial = async (): Promise<Target> => {
  const database = await startPostgres()
  const port = await freePort()
  const server = start({
    name: 'tutorial',
    command: process.execPath,
    args: [MAIN],
    cpu: settings.serverCpu,
    env: { PORT: String(port), DATABASE_URL: database.url },
  })
  await waitUntil(server, async () => (await fetch(`http://127.0.0.1:${port}/api/health`)).ok)
  const post = (users: readonly number[], text?: string): string =>
    rawRequest({
      port,
      path: '/api/notifications/send',
      body: { users: users.map(userId), ...payload(MARK_PLACEHOLDER, text) },
    })
  return {
    name: 'tutorial',
    port,
    pid: server.pid,
    socketOf: (user) => ({
      path: SOCKET_IO_PATH,
      connectPacket: `40${JSON.stringify({ userId: userId(user) })}`,
      readyOn: 'connect',
      localAddress: localAddressOf(user),
      keepsCursor: false,
    }),
    sendToOne: (user, text) => post([user], text),
    sendToMany: (users) => post(users),
    sendToAll: () => {
      throw new Error('the tutorial has no broadcast: one INSERT for each of a million users is no match')
    },
    stop: async () => {
      await server.stop()
      await database.stop()
    },
  }
}
