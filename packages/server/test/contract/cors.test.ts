/** contract.md §9 and §7: which browsers may call, over REST, polling and WebSocket. */
import {
  connect,
  connected,
  HandshakeRefused,
  http,
  openEngine,
  pollingRequest,
  register,
} from '@belfry/testkit'
import { describe, expect, it } from 'vitest'
import { useServer } from '../support/use-server.ts'

const LISTED = ['https://app.example', 'http://localhost:5173']
const UNLISTED = [
  'https://evil.example',
  'null',
  'http://app.example',
  'https://app.example:8443',
  'https://app.example.evil.example',
  'https://sub.app.example',
]
const context = useServer({ env: { CORS_ORIGINS: LISTED.join(',') } })
const open = useServer({ env: { AUTH: 'open', CORS_ORIGINS: LISTED[0] } })

const preflight = (origin: string, method = 'POST', url = context.server, path = '/api/notifications/send') =>
  http(url).request('OPTIONS', path, {
    headers: {
      origin,
      'access-control-request-method': method,
      'access-control-request-headers': 'authorization,content-type',
    },
  })
const names = (value: string | null) => (value ?? '').toLowerCase().split(/\s*,\s*/)

describe('a listed origin', () => {
  for (const origin of LISTED) {
    it(`${origin} is named in the answer, with credentials, and the answer varies by Origin`, async () => {
      const person = await register(context.server)
      const replies = [
        await person.http.request('GET', '/api/notifications', { headers: { origin } }),
        await http(context.server).request('GET', '/api/notifications', { headers: { origin } }),
        await http(context.server).request('POST', '/api/auth/login', { headers: { origin }, json: {} }),
        await http(context.server).request('GET', '/api/nothing', { headers: { origin } }),
      ]
      for (const { headers } of replies) {
        expect(headers.get('access-control-allow-origin')).toBe(origin)
        expect(headers.get('access-control-allow-credentials')).toBe('true')
        expect(names(headers.get('vary'))).toContain('origin')
      }
    })

    it(`${origin} gets a preflight with all methods and headers of the contract`, async () => {
      for (const method of ['GET', 'POST', 'PUT', 'DELETE']) {
        const { status, headers } = await preflight(origin, method)
        expect(Math.floor(status / 100)).toBe(2)
        expect(headers.get('access-control-allow-origin')).toBe(origin)
        expect(headers.get('access-control-allow-credentials')).toBe('true')
        expect(names(headers.get('vary'))).toContain('origin')
        for (const allowed of ['get', 'post', 'put', 'delete']) {
          expect(names(headers.get('access-control-allow-methods'))).toContain(allowed)
        }
        for (const allowed of ['authorization', 'content-type']) {
          expect(names(headers.get('access-control-allow-headers'))).toContain(allowed)
        }
      }
    })

    it(`${origin} is accepted on polling and on WebSocket, with CORS headers on polling`, async () => {
      const person = await register(context.server)
      for (const transport of ['polling', 'websocket'] as const) {
        await connected(context.server, person.auth, { transports: [transport], headers: { origin } })
      }
      const reply = await pollingRequest(context.server, 'EIO=4&transport=polling', { headers: { origin } })
      expect(reply.status).toBe(200)
      expect(reply.headers.get('access-control-allow-origin')).toBe(origin)
      expect(reply.headers.get('access-control-allow-credentials')).toBe('true')
      expect(names(reply.headers.get('vary'))).toContain('origin')
      const asked = await preflight(origin, 'POST', context.server, '/socket.io/?EIO=4&transport=polling')
      expect(Math.floor(asked.status / 100)).toBe(2)
      expect(asked.headers.get('access-control-allow-origin')).toBe(origin)
    })
  }

  it('may send X-User-Id in open mode', async () => {
    const { headers } = await preflight(LISTED[0] ?? '', 'POST', open.server)
    expect(names(headers.get('access-control-allow-headers'))).toContain('x-user-id')
  })
})

describe('another origin', () => {
  for (const origin of UNLISTED) {
    it(`${origin} gets no Access-Control-Allow-Origin at all`, async () => {
      const replies = [
        await http(context.server).request('GET', '/api/health', { headers: { origin } }),
        await http(context.server).request('GET', '/api/notifications', { headers: { origin } }),
        await preflight(origin),
      ]
      for (const { headers } of replies) expect(headers.get('access-control-allow-origin')).toBeNull()
    })

    it(`${origin} is refused at the handshake on polling and on WebSocket`, async () => {
      const polled = await pollingRequest(context.server, 'EIO=4&transport=polling', { headers: { origin } })
      expect(polled.status).toBe(403)
      expect(polled.headers.get('access-control-allow-origin')).toBeNull()
      const refusal = await openEngine(context.server, { headers: { origin } }).catch(
        (error: unknown) => error,
      )
      expect(refusal).toBeInstanceOf(HandshakeRefused)
      expect(refusal).toMatchObject({ status: 403 })
      const person = await register(context.server)
      const socket = connect(context.server, person.auth, { headers: { origin }, reconnection: false })
      expect(await socket.refused()).toBeInstanceOf(Error)
    })
  }
})

describe("no Origin header, and the server's own origin", () => {
  it('are accepted on both transports', async () => {
    const person = await register(context.server)
    for (const transport of ['polling', 'websocket'] as const) {
      await connected(context.server, person.auth, { transports: [transport] })
      await connected(context.server, person.auth, {
        transports: [transport],
        headers: { origin: context.server.url },
      })
    }
  })

  it('never get *', async () => {
    for (const headers of [{}, { origin: context.server.url }]) {
      const reply = await http(context.server).request('GET', '/api/health', { headers })
      expect(reply.headers.get('access-control-allow-origin')).not.toBe('*')
    }
  })
})
