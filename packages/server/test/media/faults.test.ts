/** chat-presence.md §10 and §12 F20: uploads that break off, lie, dawdle, and a disk that does not take them. */
import { rmSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import {
  type BelfryServer,
  delay,
  drip,
  dumpDatabase,
  eventually,
  http,
  login,
  type Person,
  rawHttp,
  register,
  requestText,
} from '@belfry/testkit'
import { describe, expect, it } from 'vitest'
import { expectRefusedWith } from '../support/hostile.ts'
import { bytes, downloadAs, filesOf, PNG, tryUpload, upload } from '../support/media.ts'
import { useServer, useServers } from '../support/use-server.ts'

const context = useServer({ env: { REQUEST_TIMEOUT_SECONDS: '1' } })
const newServer = useServers()
const MIB = 1024 * 1024

const headOf = (server: BelfryServer, { token }: Person, ...headers: string[]) =>
  requestText(server.port, 'POST', '/api/media', { headers: [`Authorization: Bearer ${token}`, ...headers] })

/** Begins an upload and stops in the middle; resolves when the server has begun to write it. */
async function begin(server: BelfryServer, person: Person, ...more: string[]): Promise<Socket> {
  const before = filesOf(server.dataDir)
  const socket = connect(server.port, '127.0.0.1')
  socket.on('error', () => undefined)
  const head = headOf(server, person, 'Content-Type: image/png', 'Content-Length: 200000', ...more)
  socket.write(Buffer.concat([Buffer.from(head), Buffer.from(bytes('\x89PNG\r\n\x1a\n', 50_000))]))
  await eventually('the upload has begun', () => filesOf(server.dataDir).length > before.length)
  return socket
}

/** Everything on the disk and in the store. */
const stateOf = (server: BelfryServer) => ({
  files: filesOf(server.dataDir),
  rows: dumpDatabase(server.dataDir),
})

describe('an upload', () => {
  it('that breaks off leaves nothing behind', async () => {
    const ann = await register(context.server)
    const before = stateOf(context.server)
    const socket = await begin(context.server, ann)
    socket.destroy()
    await eventually('the file is gone', () => filesOf(context.server.dataDir).length === before.files.length)
    expect(stateOf(context.server)).toEqual(before)
    expect((await tryUpload(ann)).status).toBe(201)
  })

  it('as a form that breaks off leaves nothing behind either', async () => {
    const ann = await register(context.server)
    const before = stateOf(context.server)
    const socket = connect(context.server.port, '127.0.0.1')
    socket.on('error', () => undefined)
    const part =
      '--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
    const form = ['Content-Type: multipart/form-data; boundary=b', 'Content-Length: 200000']
    const head = `${headOf(context.server, ann, ...form)}${part}`
    socket.write(Buffer.concat([Buffer.from(head), Buffer.from(bytes('\x89PNG\r\n\x1a\n', 50_000))]))
    const { length } = before.files
    await eventually('the upload has begun', () => filesOf(context.server.dataDir).length > length)
    socket.destroy()
    await eventually('the file is gone', () => filesOf(context.server.dataDir).length === length)
    expect(stateOf(context.server)).toEqual(before)
  })

  it('that stops coming is answered 408 or closed, and leaves nothing behind', async () => {
    const ann = await register(context.server)
    const before = stateOf(context.server)
    const head = headOf(context.server, ann, 'Content-Type: image/png', 'Content-Length: 9000')
    const reply = await rawHttp(context.server.port, `${head}\x89PNG`, { timeoutMs: 5000, until: 'close' })
    expect([0, 408]).toContain(reply.status)
    expect(stateOf(context.server)).toEqual(before)
  })

  it('may take longer than another request, as long as it goes on', async () => {
    const ann = await register(context.server)
    const socket = connect(context.server.port, '127.0.0.1')
    const answer = new Promise<string>((resolve) => socket.on('data', (data) => resolve(String(data))))
    socket.write(headOf(context.server, ann, 'Content-Type: image/png', `Content-Length: ${PNG.length}`))
    const middle = Math.floor(PNG.length / 4)
    for (let at = 0; at < PNG.length; at += middle) {
      // Longer together than the second that other requests have; this is about real time.
      await delay(450)
      socket.write(PNG.subarray(at, at + middle))
    }
    expect(await answer).toMatch(/^HTTP\/1\.1 201 /)
    socket.destroy()
  })

  it('of 1 GB is refused before it has come, as a body and as a form', async () => {
    const ann = await register(context.server)
    const before = stateOf(context.server)
    const claims = [
      ['Content-Type: image/png', '\x89PNG\r\n\x1a\n'],
      [
        'Content-Type: multipart/form-data; boundary=b',
        '--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\nContent-Type: image/png\r\n\r\n\x89PNG',
      ],
    ]
    for (const [type = '', body = ''] of claims) {
      const head = headOf(context.server, ann, type, `Content-Length: ${1024 * MIB}`)
      const sent = Buffer.from(`${head}${body}`, 'latin1')
      const reply = await rawHttp(context.server.port, sent, { until: 'close' })
      expect(reply.body).toContain('too_large')
      expect(reply).toMatchObject({ status: 413, isClosed: true })
      expect(reply.afterMs).toBeLessThan(1000)
    }
    expect(stateOf(context.server)).toEqual(before)
  })

  it('that would grow when it is unpacked is kept as it came', async () => {
    const ann = await register(context.server)
    const bomb = bytes('PK\x03\x04', 100_000)
    const media = await upload(ann, bomb, { type: 'application/zip', query: '?name=bomb.zip' })
    expect(media.size).toBe(bomb.length)
    expect((await downloadAs(context.server, ann, media)).body.equals(bomb)).toBe(true)
  })
})

describe('another request', () => {
  it('has no more time for its body than before', async () => {
    const { port } = context.server
    const bodies = [
      requestText(port, 'POST', '/api/auth/login', {
        headers: ['Content-Type: application/json', 'Content-Length: 500'],
      }),
      requestText(port, 'POST', '/api/medialike', {
        headers: ['Content-Type: application/json', 'Content-Length: 500'],
      }),
      requestText(port, 'POST', '/socket.io/?EIO=4&transport=polling&sid=x', {
        headers: ['Content-Type: text/plain', 'Content-Length: 500'],
      }),
    ]
    for (const head of bodies) {
      const { closedAfterMs } = await drip(port, { head, rest: ' ', everyMs: 100, limitMs: 5000 })
      expect(closedAfterMs).toBeLessThan(3000)
    }
    expect((await http(context.server).get('/api/health')).status).toBe(200)
  })
})

describe('a disk that takes no file', () => {
  it('makes an upload unavailable, keeps no half of it, and is used again when it does', async () => {
    const server = await newServer()
    const ann = await register(server)
    const folder = join(server.dataDir, 'media/files')
    writeFileSync(folder, 'in the way')
    expectRefusedWith(await tryUpload(ann), 503)
    expect(filesOf(server.dataDir)).toEqual([folder])
    rmSync(folder)
    const media = await upload(ann)
    expect((await downloadAs(server, ann, media)).body.equals(PNG)).toBe(true)
  })

  it('under the files on their way in as well', async () => {
    const server = await newServer()
    const ann = await register(server)
    rmSync(join(server.dataDir, 'media/incoming'), { recursive: true })
    const before = dumpDatabase(server.dataDir)
    expectRefusedWith(await tryUpload(ann), 503)
    expect(dumpDatabase(server.dataDir)).toEqual(before)
    expect((await ann.http.get('/api/notifications')).status).toBe(200)
  })
})

describe('a server that is killed', () => {
  it('in the middle of an upload has no half file after its start', async () => {
    const server = await newServer()
    const ann = await register(server)
    const whole = await upload(ann)
    const before = stateOf(server)
    const sockets = [await begin(server, ann), await begin(server, ann, 'X-Other: 1')]
    await server.stop('SIGKILL')
    for (const socket of sockets) socket.destroy()
    expect(filesOf(server.dataDir)).toHaveLength(before.files.length + 2)
    await server.start()
    expect(filesOf(server.dataDir)).toEqual(before.files)
    expect(dumpDatabase(server.dataDir).media).toEqual(before.rows.media)
    const again = await login(server, ann.email, ann.password)
    expect((await downloadAs(server, again, whole)).body.equals(PNG)).toBe(true)
  })
})
