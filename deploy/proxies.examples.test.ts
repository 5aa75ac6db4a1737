/** nginx and Caddy with the files of this folder, before two nodes: sockets of both kinds, and a node that goes. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  admin,
  type BelfryServer,
  connected,
  eventually,
  freePort,
  http,
  type Person,
  register,
  sendTo,
  startServer,
} from '@belfry/testkit'
import { type PostgresService, type Service, startPostgres, startRedis } from '@belfry/testkit/services'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const UP_WITHIN_MS = 10_000
const BACK_WITHIN_MS = 15_000

let database: PostgresService
let redis: Service
let nodes: BelfryServer[] = []

beforeAll(async () => {
  ;[database, redis] = await Promise.all([startPostgres({ isVolatile: true }), startRedis()])
  const env = { DATABASE_URL: database.createDatabase(), REDIS_URL: redis.url, TRUST_PROXY: '127.0.0.1' }
  nodes = [await startServer({ env }), await startServer({ env })]
}, 90_000)
afterAll(async () => {
  for (const node of nodes) await node.close()
  await redis?.close()
  await database?.close()
})

interface Proxy {
  file: string
  /** How many refusals of a node that drains a client may see. */
  refusals: number
  /** What it answers to a body that is too large: Caddy also that the node has not taken all of it. */
  tooLarge: number[]
  start(config: string, folder: string): ChildProcess
}

const quiet = { stdio: 'ignore' } as const
const PROXIES: Record<string, Proxy> = {
  nginx: {
    file: 'nginx.conf',
    refusals: 0,
    tooLarge: [413],
    start: (config, folder) =>
      spawn(
        '/usr/sbin/nginx',
        ['-c', config, '-g', `daemon off; pid ${folder}/pid; error_log ${folder}/log;`],
        quiet,
      ),
  },
  Caddy: {
    file: 'Caddyfile',
    refusals: 1,
    tooLarge: [413, 502],
    start: (config, folder) => {
      // Its door for machines is not needed, and its port may be taken.
      writeFileSync(config, `{\n\tadmin off\n}\n${readFileSync(config, 'utf8')}`)
      const env = { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder }
      return spawn('caddy', ['run', '--adapter', 'caddyfile', '--config', config], { ...quiet, env })
    },
  },
}

/** The file as it stands, with the places of this test in it. */
async function startProxy(name: string): Promise<{ url: string; close(): Promise<void> }> {
  const { file, start } = PROXIES[name] as Proxy
  const folder = mkdtempSync(join(tmpdir(), 'belfry-proxy-'))
  const port = await freePort()
  const config = join(folder, file)
  mkdirSync(folder, { recursive: true })
  const text = readFileSync(join(import.meta.dirname, file), 'utf8')
    .replaceAll(/node-(\d):4000/g, (_, number: string) => `127.0.0.1:${nodes[Number(number) - 1]?.port}`)
    .replaceAll('8080', String(port))
  writeFileSync(config, text)
  const child = start(config, folder)
  const ended = once(child, 'exit')
  const url = `http://127.0.0.1:${port}`
  await eventually('the proxy answers', async () => (await fetch(`${url}/api/health`)).ok, UP_WITHIN_MS)
  return {
    url,
    async close() {
      child.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

describe.each(Object.entries(PROXIES))('%s', (name, { refusals, tooLarge }) => {
  let proxy: { url: string; close(): Promise<void> }
  let ada: Person
  let sender: Person
  beforeAll(async () => {
    proxy = await startProxy(name)
    const first = nodes[0] as BelfryServer
    ;[ada, sender] = [await register(first), await admin(first)]
  }, 60_000)
  afterAll(() => proxy?.close())

  it.each(['websocket', 'polling'] as const)('lets through %s', async (transport) => {
    const socket = await connected(nodes[0] as BelfryServer, ada.auth, {
      url: proxy.url,
      transports: [transport],
    })
    const message = `by ${transport}`
    await sendTo({ ...sender, http: http({ url: proxy.url } as BelfryServer, sender.token) }, ada, message)
    await socket.event('notification', (note: { message: string }) => note.message === message)
    socket.close()
  })

  it('shows nobody what is for machines', async () => {
    for (const path of ['/metrics', '/readyz']) expect((await fetch(`${proxy.url}${path}`)).status).toBe(404)
  })

  it('takes a body of a file’s size where files go, and nowhere else', async () => {
    const body = Buffer.alloc(2_000_000)
    const send = async (path: string) =>
      (
        await fetch(`${proxy.url}${path}`, {
          method: 'POST',
          body,
          headers: { 'content-type': 'application/json' },
        })
      ).status
    expect(tooLarge).toContain(await send('/api/notifications/send'))
    expect(tooLarge).not.toContain(await send('/api/media'))
  })

  it('keeps answering while a node goes and comes, and its sockets find the other one', async () => {
    const node = nodes[0] as BelfryServer
    const options = { url: proxy.url, transports: ['websocket' as const] }
    const sockets = [await connected(node, ada.auth, options), await connected(node, ada.auth, options)]
    const through = http({ url: proxy.url } as BelfryServer, ada.token)
    const answers: number[] = []
    let isOver = false
    const asking = (async () => {
      while (!isOver) answers.push((await through.get('/api/notifications/count')).status)
    })()
    await node.stop()
    const later = 'while one is away'
    await sendTo({ ...sender, http: http(nodes[1] as BelfryServer, sender.token) }, ada, later)
    const list = async () => (await through.get('/api/notifications')).text.includes(later)
    await eventually('it is there', list, BACK_WITHIN_MS)
    for (const socket of sockets)
      await eventually('the socket is back', () => socket.socket.connected, BACK_WITHIN_MS)
    await node.start()
    isOver = true
    await asking
    const others = answers.filter((status) => status !== 200)
    // Caddy passes on the answer that tells it of the drain; nothing was done, and a client asks again.
    expect(others).toEqual(others.slice(0, refusals).map(() => 503))
    for (const socket of sockets) socket.close()
  }, 60_000)
})
