/** contract.md §2: the form of replies, the codes, and identity on REST. */
import { http, listAll, type RequestOptions, register, sendTo } from '@belfry/testkit'
import { describe, expect, it } from 'vitest'
import { expectRefusal, expectSuccess, TIME } from '../support/expect.ts'
import { useServer } from '../support/use-server.ts'

const context = useServer()

const ROUTES: readonly (readonly [method: string, path: string, body?: unknown])[] = [
  ['GET', '/api/notifications'],
  ['GET', '/api/notifications/count'],
  ['GET', '/api/notifications/somebody'],
  ['POST', '/api/notifications/test', {}],
  ['POST', '/api/notifications/send', { audience: { all: true }, message: 'x' }],
  ['POST', '/api/notifications/broadcast', { message: 'x' }],
  ['POST', '/api/notifications/read', { id: 'x' }],
  ['POST', '/api/notifications/unread', { id: 'x' }],
  ['POST', '/api/notifications/read-all', {}],
  ['DELETE', '/api/notifications/x'],
  ['POST', '/api/rooms', { id: 'x' }],
  ['PUT', '/api/rooms/x/members/y'],
  ['DELETE', '/api/rooms/x/members/y'],
]
const ADMIN_ROUTES = ROUTES.filter(([, path]) => /send|broadcast|rooms/.test(path))

const options = (body: unknown): RequestOptions => (body === undefined ? {} : { json: body })

describe('identity on REST', () => {
  for (const [method, path, body] of ROUTES) {
    it(`${method} ${path} answers 401 "No token" without one, and "Invalid token" for a bad one`, async () => {
      const { server } = context
      const without = await http(server).request(method, path, options(body))
      expectRefusal(without, 401, 'unauthorized', 'No token')
      const bad = await http(server, 'not.a.token').request(method, path, options(body))
      expectRefusal(bad, 401, 'unauthorized', 'Invalid token')
    })
  }

  for (const [method, path, body] of ADMIN_ROUTES) {
    it(`${method} ${path} answers 403 to a user who is not an admin`, async () => {
      const person = await register(context.server)
      expectRefusal(await person.http.request(method, path, options(body)), 403, 'forbidden')
      expect(await listAll(person)).toEqual([])
    })
  }
})

describe('replies', () => {
  it("say 404 with the same body for what does not exist and for what is not the caller's", async () => {
    const [mine, other] = await Promise.all([register(context.server), register(context.server)])
    const note = await sendTo(context.admin, other, 'not yours')
    for (const route of ['read', 'unread'] as const) {
      const foreign = await mine.http.post(`/api/notifications/${route}`, { id: note.id })
      const unknown = await mine.http.post(`/api/notifications/${route}`, { id: note.id.replace(/.$/, 'z') })
      expectRefusal(foreign, 404, 'not_found')
      expect(foreign.text).toBe(unknown.text)
    }
  })

  it('say 404 in the same form for a route that does not exist', async () => {
    for (const path of ['/api/nothing', '/api/notifications/a/b', '/nothing/at/all']) {
      const reply = await context.admin.http.get(path)
      expectRefusal(reply, 404, 'not_found')
      expect(reply.text).not.toContain(path)
    }
  })

  it('say 413 for a body over the limit', async () => {
    const reply = await context.admin.http.post('/api/auth/login', {
      email: 'x'.repeat(70_000),
      password: 'y',
    })
    expectRefusal(reply, 413, 'too_large')
  })

  it('say 415 for anything but JSON', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/xml',
      'multipart/form-data',
    ]) {
      const reply = await http(context.server).request('POST', '/api/auth/login', {
        raw: 'email=a&password=b',
        headers: { 'content-type': type },
      })
      expectRefusal(reply, 415, 'unsupported_media_type')
    }
  })

  it('do not echo the input of a refused request', async () => {
    const marker = 'a-marker-that-must-not-come-back'
    const replies = [
      await http(context.server).post('/api/auth/register', { email: marker, password: marker }),
      await context.admin.http.post('/api/notifications/send', {
        audience: { user: marker },
        message: marker,
      }),
      await context.admin.http.post('/api/notifications/send', { [marker]: marker }),
      await context.admin.http.get(`/api/${marker}`),
    ]
    for (const reply of replies) {
      expect(reply.body).toMatchObject({ success: false })
      expect(reply.text).not.toContain(marker)
    }
  })

  it('are JSON, and are not to be stored by caches', async () => {
    const reply = await context.admin.http.get('/api/notifications')
    expect(reply.headers.get('content-type')).toContain('application/json')
    expect(reply.headers.get('cache-control')).toContain('no-store')
    expect(reply.headers.get('x-powered-by')).toBeNull()
  })

  it('give times in ISO 8601 with milliseconds, close to now', async () => {
    const person = await register(context.server)
    const { notification } = expectSuccess(await person.http.post('/api/notifications/test', {}), 201)
    expect(notification?.createdAt).toMatch(TIME)
    expect(Math.abs(Date.parse(notification?.createdAt ?? '') - Date.now())).toBeLessThan(5_000)
  })
})
