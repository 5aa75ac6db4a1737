/** security.md §12, E1–E8, E11: other people's notifications, ids and pages that are none. */
import { list, listAll, rawHttp, register, requestText, sendTo, unread } from '@belfry/testkit'
import { describe, expect, it } from 'vitest'
import { expectNothingOfTheInside, expectRefusal, expectSuccess } from '../support/expect.ts'
import { nextMillisecond } from '../support/hearing.ts'
import { expectRefusedWith, useHostileServer } from '../support/hostile.ts'

const context = useHostileServer()
const short = (value: unknown) => JSON.stringify(value)?.slice(0, 40)

describe('E1: a notification of another user', () => {
  const acts = ['read', 'unread', 'seen', 'archive', 'delete', 'restore'] as const
  for (const act of acts) {
    it(`cannot be reached by ${act}: 404, the same as for an unknown id, and nothing changes`, async () => {
      const [mine, other] = await Promise.all([register(context.server), register(context.server)])
      const note = await sendTo(context.admin, other, 'theirs')
      const unknownId = (await sendTo(context.admin, other, 'gone')).id
      await other.http.delete(`/api/notifications/${unknownId}`)
      await context.unchanged(async () => {
        for (const attacker of [mine, context.admin]) {
          const foreign = await attacker.http.post(`/api/notifications/${act}`, { id: note.id })
          const unknown = await attacker.http.post(`/api/notifications/${act}`, { id: unknownId })
          expectRefusal(foreign, 404, 'not_found')
          expect(foreign.text).toBe(unknown.text)
        }
      })
    })
  }

  it('cannot be deleted by its path', async () => {
    const [mine, other] = await Promise.all([register(context.server), register(context.server)])
    const theirs = await sendTo(context.admin, other, 'theirs')
    await context.unchanged(async () => {
      expectRefusal(await mine.http.delete(`/api/notifications/${theirs.id}`), 404, 'not_found')
    })
  })

  it("in bulk with one's own is neither changed nor counted", async () => {
    const [mine, other] = await Promise.all([register(context.server), register(context.server)])
    const [own, theirs] = [
      await sendTo(context.admin, mine, 'mine'),
      await sendTo(context.admin, other, 'theirs'),
    ]
    const ids = [own.id, theirs.id]
    expectSuccess(await context.survive(() => mine.http.post('/api/notifications/read', { ids })))
    expectSuccess(await mine.http.post('/api/notifications/delete', { ids }))
    expect(await unread(mine)).toBe(0)
    expect(await list(other)).toMatchObject([{ id: theirs.id, isRead: false }])
    expect(await unread(other)).toBe(1)
  })
})

describe('E2: an id that is none', () => {
  const ids = [
    '0',
    '-1',
    '1e9',
    '../x',
    '\u0000',
    "' OR 1=1",
    'x'.repeat(10_240),
    '',
    ' ',
    '__proto__',
    ['x'],
    { $ne: null },
    7,
    null,
    true,
  ]
  for (const id of ids) {
    it(`${short(id)} is refused by read, unread and read-all`, async () => {
      await sendTo(context.admin, context.user, 'to be left alone')
      await context.unchanged(async () => {
        const { http: client } = context.user
        expectRefusedWith(await client.post('/api/notifications/read', { id }), 400, 404)
        expectRefusedWith(await client.post('/api/notifications/unread', { id }), 400, 404)
        expectRefusedWith(await client.post('/api/notifications/read-all', { upTo: id }), 400, 404)
      })
    })
  }

  for (const path of [
    '0',
    '-1',
    '..%2Fx',
    '%00',
    "'%20OR%201=1",
    'x'.repeat(10_240),
    '*',
    '%25',
    '..',
    '.',
  ]) {
    it(`DELETE /api/notifications/${path.slice(0, 20)} is refused`, async () => {
      await sendTo(context.admin, context.user, 'to be left alone')
      const { port } = context.server
      const headers = [`Authorization: Bearer ${context.user.token}`]
      const reply = await context.unchanged(() =>
        rawHttp(port, requestText(port, 'DELETE', `/api/notifications/${path}`, { headers })),
      )
      expect([400, 404, 414]).toContain(reply.status)
    })
  }
})

describe('E3: read-all', () => {
  it("for another user is refused with 400, and with another's notification with 404", async () => {
    const other = await register(context.server)
    const note = await sendTo(context.admin, other, 'theirs')
    await context.unchanged(async () => {
      for (const more of [{ userId: other.id }, { user_id: other.id }, { user: other.id }]) {
        expectRefusedWith(await context.user.http.post('/api/notifications/read-all', more), 400)
      }
      expectRefusal(
        await context.user.http.post('/api/notifications/read-all', { upTo: note.id }),
        404,
        'not_found',
      )
    })
    expect(await unread(other)).toBe(1)
  })
})

describe('E4: repeats', () => {
  it('read twice keeps readAt, unread twice is fine, read after delete is 404', async () => {
    const person = await register(context.server)
    const note = await sendTo(context.admin, person, 'again and again')
    const act = (name: string) => person.http.post(`/api/notifications/${name}`, { id: note.id })
    expectSuccess(await act('read'))
    const [{ readAt } = { readAt: null }] = await list(person)
    await nextMillisecond()
    expectSuccess(await act('read'))
    expect((await list(person))[0]?.readAt).toBe(readAt)
    expectSuccess(await act('unread'))
    expectSuccess(await act('unread'))
    expect(await unread(person)).toBe(1)
    expectSuccess(await person.http.delete(`/api/notifications/${note.id}`))
    for (const name of ['read', 'unread']) expectRefusal(await act(name), 404, 'not_found')
    expectRefusal(await person.http.delete(`/api/notifications/${note.id}`), 404, 'not_found')
    expect(await unread(person)).toBe(0)
  })
})

describe('E5 E6 E7: a page that is none', () => {
  const queries = [
    'limit=0',
    'limit=-1',
    'limit=101',
    'limit=1e9',
    'limit=1000000000',
    'limit=abc',
    'limit=10;DROP',
    'limit=',
    'limit=1.5',
    'limit=NaN',
    'limit=0x10',
    'unread=maybe',
    'cursor=',
    'cursor=x',
    'cursor=%00',
    'cursor=../../x',
    'cursor=eyJhIjoxfQ',
    `cursor=${encodeURIComponent(Buffer.from('{"topic":"user:other","rank":1}').toString('base64'))}`,
    'sort=password',
    `q=${encodeURIComponent('%_%'.repeat(500))}`,
  ]
  for (const query of queries) {
    it(`?${query.slice(0, 50)} is refused with 400`, async () => {
      const reply = await context.unchanged(() => context.user.http.get(`/api/notifications?${query}`))
      expectRefusedWith(reply, 400)
    })
  }

  it("a cursor that was cut or changed is refused with 400 or gives only what is the caller's", async () => {
    const person = await register(context.server)
    for (let number = 0; number < 4; number++) await sendTo(context.admin, person, `number ${number}`)
    const { nextCursor } = (await person.http.get('/api/notifications?limit=2')).body
    const cursor = nextCursor ?? ''
    const own = new Set((await listAll(person)).map(({ id }) => id))
    for (const changed of [
      cursor.slice(0, -1),
      cursor.slice(1),
      `${cursor}x`,
      cursor.toUpperCase(),
      cursor.repeat(2),
    ]) {
      const reply = await context.unchanged(() =>
        person.http.get(`/api/notifications?cursor=${encodeURIComponent(changed)}`),
      )
      if (reply.status !== 200) expectRefusedWith(reply, 400)
      for (const { id } of reply.body.notifications ?? []) expect(own).toContain(id)
    }
  })

  it('a cursor of 1 MB is refused', async () => {
    const { port } = context.server
    const headers = [`Authorization: Bearer ${context.user.token}`]
    const path = `/api/notifications?cursor=${'x'.repeat(1_000_000)}`
    const reply = await context.unchanged(() => rawHttp(port, requestText(port, 'GET', path, { headers })))
    expect([0, 400, 413, 414, 431]).toContain(reply.status)
  })

  it("a cursor of another user gives only what is the caller's", async () => {
    const [a, b] = await Promise.all([register(context.server), register(context.server)])
    for (let number = 0; number < 3; number++) await sendTo(context.admin, a, `a's ${number}`)
    await sendTo(context.admin, b, "b's")
    const { nextCursor } = (await a.http.get('/api/notifications?limit=1')).body
    const reply = await b.http.get(`/api/notifications?cursor=${encodeURIComponent(nextCursor ?? '')}`)
    if (reply.status !== 200) return expectRefusedWith(reply, 400)
    for (const note of reply.body.notifications ?? []) expect(note.message).toBe("b's")
  })

  it('a search like a slow regular expression is answered within 200 ms', async () => {
    // The first search of a process opens its reading thread; that start is not what this row is about.
    await context.user.http.get('/api/notifications?q=warm')
    const startedAt = performance.now()
    const reply = await context.user.http.get(`/api/notifications?q=${encodeURIComponent('(a+)+$')}`)
    expect([200, 400]).toContain(reply.status)
    expect(performance.now() - startedAt).toBeLessThan(200)
  })
})

describe('E11: OPTIONS and HEAD with a foreign Origin', () => {
  const paths = [
    '/api/health',
    '/api/notifications',
    '/api/notifications/count',
    '/api/notifications/send',
    '/api/rooms',
    '/api/auth/login',
    '/',
  ]
  for (const path of paths) {
    it(`on ${path} give no CORS header and no data`, async () => {
      await sendTo(context.admin, context.user, 'a secret message')
      for (const method of ['OPTIONS', 'HEAD']) {
        const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST' }
        const reply = await context.unchanged(() => context.user.http.request(method, path, { headers }))
        for (const [name] of reply.headers) expect(name).not.toMatch(/^access-control-allow/)
        expect(reply.text).not.toContain('a secret message')
        expectNothingOfTheInside(reply.text)
      }
    })
  }
})
