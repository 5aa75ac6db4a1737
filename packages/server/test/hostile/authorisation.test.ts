/** security.md §12, J1, J2, J4: who may call what; keys; files that are nobody's. */
import { freshName, http, list, register, send } from '@belfry/testkit'
import { describe, expect, it } from 'vitest'
import { expectRefusal, expectSuccess } from '../support/expect.ts'
import { expectRefusedWith, useHostileServer } from '../support/hostile.ts'

const context = useHostileServer()

describe('J1: everybody against everything', () => {
  it('a former member of a room sees and changes nothing that came after', async () => {
    const [member, former] = await Promise.all([register(context.server), register(context.server)])
    const room = freshName('room')
    await context.admin.http.post('/api/rooms', { id: room })
    for (const { id } of [member, former]) await context.admin.http.put(`/api/rooms/${room}/members/${id}`)
    await context.admin.http.delete(`/api/rooms/${room}/members/${former.id}`)
    const note = await send(context.admin, { audience: { room }, message: 'for members' })
    await context.unchanged(async () => {
      expectRefusal(await former.http.post('/api/notifications/read', { id: note.id }), 404, 'not_found')
      expectRefusal(await former.http.delete(`/api/notifications/${note.id}`), 404, 'not_found')
      expect(await list(former)).toEqual([])
    })
  })

  const adminOnly = [
    ['POST', '/api/rooms', { id: 'x' }],
    ['PUT', '/api/rooms/x/members/y', undefined],
    ['DELETE', '/api/rooms/x/members/y', undefined],
    ['PATCH', '/api/users/y', { roles: ['admin'] }],
    ['DELETE', '/api/users/y', undefined],
    ['POST', '/api/keys', { name: 'k', scopes: ['admin'] }],
    ['GET', '/api/keys', undefined],
    ['DELETE', '/api/keys/k', undefined],
    ['PATCH', '/api/notifications/n', { title: 'changed' }],
    ['GET', '/api/admin/reports', undefined],
    ['PATCH', '/api/admin/reports/r', { state: 'resolved' }],
    ['POST', '/api/admin/policy/test', {}],
  ] as const
  for (const [method, path, json] of adminOnly) {
    it(`${method} ${path} is 401 for nobody and 403 for a user`, async () => {
      const options = json === undefined ? {} : { json }
      await context.unchanged(async () => {
        expectRefusal(await http(context.server).request(method, path, options), 401, 'unauthorized')
        expectRefusal(await context.user.http.request(method, path, options), 403, 'forbidden')
      })
    })
  }

  it('a user cannot raise their own role', async () => {
    const json = { roles: ['admin'] }
    const reply = await context.unchanged(() =>
      context.user.http.request('PATCH', `/api/users/${context.user.id}`, { json }),
    )
    expectRefusal(reply, 403, 'forbidden')
  })
})

describe('J2: an API key', () => {
  const newKey = async (...scopes: string[]) => {
    const reply = await context.admin.http.post<{ key?: { id: string; secret: string } }>('/api/keys', {
      name: 'k',
      scopes,
    })
    expect(reply.status).toBe(201)
    if (reply.body.key === undefined) throw new Error('no key')
    return { ...reply.body.key, http: http(context.server, reply.body.key.secret) }
  }

  it('with the scope may send, and without it is 403', async () => {
    const [sender, other] = [await newKey('notifications:send'), await newKey('rooms:manage')]
    const body = { audience: { user: context.user.id }, message: 'by key' }
    expectSuccess(await sender.http.post('/api/notifications/send', body), 201)
    await context.unchanged(async () => {
      expectRefusal(await other.http.post('/api/notifications/send', body), 403, 'forbidden')
      expectRefusal(await sender.http.post('/api/rooms', { id: freshName('room') }), 403, 'forbidden')
      expectRefusal(await sender.http.get('/api/keys'), 403, 'forbidden')
    })
  })

  it('that was revoked is 401', async () => {
    const key = await newKey('notifications:send')
    expectSuccess(await context.admin.http.delete(`/api/keys/${key.id}`))
    const body = { audience: { all: true }, message: 'x' }
    expectRefusal(
      await context.unchanged(() => key.http.post('/api/notifications/send', body)),
      401,
      'unauthorized',
    )
  })

  it('is shown once', async () => {
    const key = await newKey('notifications:send')
    const listed = await context.admin.http.get('/api/keys')
    expect(listed.text).toContain(key.id)
    expect(listed.text).not.toContain(key.secret)
    expect(context.server.logs()).not.toContain(key.secret)
  })
})

describe("J4: files and routes that are nobody's", () => {
  for (const path of [
    '/.env',
    '/.git/config',
    '/main.ts',
    '/packages/server/src/main.ts',
    '/debug',
    '/metrics',
    '/console.js.map',
    '/data/belfry.db',
  ]) {
    it(`${path} is 401 or 404`, async () => {
      for (const client of [http(context.server), context.user.http]) {
        expectRefusedWith(await context.unchanged(() => client.get(path)), 401, 403, 404)
      }
    })
  }
})
