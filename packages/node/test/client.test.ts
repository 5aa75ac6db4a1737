import { commandNames, commands, socketCommands } from '@belfry/protocol'
import { freePort } from '@belfry/testkit'
import { describe, expect, it } from 'vitest'
import { createBelfryClient, Failure, type HttpClientOptions } from '../src/index.ts'
import { failed, sent, tinyServer } from './tiny-server.ts'

const waits: number[] = []
/** A client that notes how long it would wait, and does not. */
function clientOf(url: string, options: Partial<HttpClientOptions> = {}) {
  waits.length = 0
  const wait = async (ms: number) => void waits.push(ms)
  return createBelfryClient({ url, apiKey: 'bk_test', wait, ...options })
}

const hello = { audience: { user: 'ada' }, message: 'Hello' } as const
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/

describe('a call', () => {
  it('is a method for every row of the command table that has a route', () => {
    const client = createBelfryClient({ url: 'http://127.0.0.1:1' })
    const withoutRoute = commandNames.filter((name) => commands[name].rest === undefined)
    expect(withoutRoute.sort()).toEqual([...socketCommands].sort())
    expect(Object.keys(client).sort()).toEqual(commandNames.filter((name) => commands[name].rest).sort())
  })

  it('goes to the route of its row with the credential, and gives the reply without `success`', async () => {
    const server = await tinyServer(sent('n1'))
    const reply = await clientOf(`${server.url}/`).notify(hello)
    expect(reply).toEqual({
      message: 'Notification sent and stored.',
      notification: { id: 'n1', type: 'info' },
    })
    expect(server.asked).toMatchObject([
      {
        method: 'POST',
        path: '/api/notifications/send',
        headers: { authorization: 'Bearer bk_test' },
        body: hello,
      },
    ])
  })

  it('puts path fields into the path, and for GET and DELETE the rest into query and header', async () => {
    const server = await tinyServer({ body: { success: true, notifications: [], nextCursor: null } })
    const client = clientOf(server.url)
    await client.listNotifications({ limit: 10, cursor: 'a/b', unread: undefined })
    await client.removeRoomMember({ id: 'a|b', userId: 'c+d' })
    await client.addRoomMember({ id: 'r', userId: 'u' })
    expect(server.asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /api/notifications?limit=10&cursor=a%2Fb',
      'DELETE /api/rooms/a%7Cb/members/c%2Bd',
      'PUT /api/rooms/r/members/u',
    ])
    expect(server.asked.map(({ body }) => body?.idempotencyKey)).toEqual([
      undefined,
      undefined,
      expect.stringMatching(UUID),
    ])
    expect(server.asked[0]?.headers['idempotency-key']).toBeUndefined()
    expect(server.asked[1]?.headers['idempotency-key']).toMatch(UUID)
  })

  it('needs no argument where everything is optional', async () => {
    const server = await tinyServer({ body: { success: true, unread: 3 } })
    expect(await clientOf(server.url).countNotifications()).toEqual({ unread: 3 })
  })

  it('refuses at once what has no path', async () => {
    const server = await tinyServer()
    const call = clientOf(server.url).revokeKey({ id: '' })
    await expect(call).rejects.toMatchObject({ code: 'validation_failed', details: { field: 'id' } })
    expect(server.asked).toEqual([])
  })

  it('asks for a token before every attempt', async () => {
    const server = await tinyServer(failed(503, 'unavailable'), sent('n1'))
    let asked = 0
    await clientOf(server.url, { token: async () => `t${++asked}` }).notify(hello)
    expect(server.asked.map(({ headers }) => headers.authorization)).toEqual(['Bearer t1', 'Bearer t2'])
  })

  it('sends no key with a command that knows none', async () => {
    const server = await tinyServer({ body: { success: true, token: 't' } })
    await clientOf(server.url).login({ email: 'a@b.c', password: 'secret' })
    expect(server.asked[0]?.body).toEqual({ email: 'a@b.c', password: 'secret' })
  })

  it.each(['ftp://x', '127.0.0.1:4000', ''])('is not made for the address %o', (url) => {
    expect(() => createBelfryClient({ url })).toThrow(TypeError)
  })
})

describe('a failure', () => {
  it('has the code, message and field of the server', async () => {
    const server = await tinyServer({
      status: 400,
      body: { success: false, code: 'validation_failed', message: 'title: too long', field: 'title' },
    })
    const error = await clientOf(server.url)
      .notify(hello)
      .catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(Failure)
    expect(error).toMatchObject({
      code: 'validation_failed',
      message: 'title: too long',
      status: 400,
      details: { field: 'title' },
    })
    expect(server.asked).toHaveLength(1)
  })

  it.each([
    [404, 'not_found'],
    [418, 'internal'],
    [302, 'internal'],
    [200, 'internal'],
  ])('with status %i that is not Belfry’s is `%s`', async (status, code) => {
    const server = await tinyServer({ status, body: '<html>' })
    await expect(clientOf(server.url).notify(hello)).rejects.toMatchObject({ code, message: /check the url/ })
    expect(server.asked).toHaveLength(1)
  })
})

describe('a retry', () => {
  it('repeats with the same key until it is through', async () => {
    const server = await tinyServer(
      { isCut: true },
      failed(503, 'outcome_unknown'),
      { status: 502, body: 'bad gateway' },
      sent('n1'),
    )
    expect((await clientOf(server.url).notify(hello)).notification.id).toBe('n1')
    const keys = server.asked.map(({ body }) => body?.idempotencyKey)
    expect(keys).toHaveLength(4)
    expect(new Set(keys).size).toBe(1)
    expect(keys[0]).toMatch(UUID)
  })

  it('keeps a key that the caller gave', async () => {
    const server = await tinyServer(failed(503, 'unavailable'), sent('n1'))
    await clientOf(server.url).notify({ ...hello, idempotencyKey: 'order 17' })
    expect(server.asked.map(({ body }) => body?.idempotencyKey)).toEqual(['order 17', 'order 17'])
  })

  it('waits longer each time, by chance, and as long as the server asks', async () => {
    const server = await tinyServer(
      failed(503, 'unavailable'),
      failed(503, 'unavailable'),
      failed(429, 'rate_limited', { 'retry-after': '7' }),
      sent('n1'),
    )
    await clientOf(server.url).notify(hello)
    const [first = 0, second = 0, third = 0] = waits
    expect(first).toBeGreaterThanOrEqual(250)
    expect(first).toBeLessThanOrEqual(500)
    expect(second).toBeGreaterThanOrEqual(500)
    expect(second).toBeLessThanOrEqual(1000)
    expect(third).toBe(7000)
  })

  it('gives up after its number of repeats, with the last failure', async () => {
    const server = await tinyServer(failed(503, 'unavailable'), failed(429, 'rate_limited'))
    const call = clientOf(server.url, { retries: 2 }).notify(hello)
    await expect(call).rejects.toMatchObject({ code: 'rate_limited' })
    expect(server.asked).toHaveLength(3)
  })

  it('gives up at once when it would have to wait too long', async () => {
    const server = await tinyServer(failed(429, 'rate_limited', { 'retry-after': '600' }))
    const call = clientOf(server.url).notify(hello)
    await expect(call).rejects.toMatchObject({ code: 'rate_limited', details: { retryAfterMs: 600_000 } })
    expect(server.asked).toHaveLength(1)
  })

  it('does not repeat a write without a key that may have happened', async () => {
    const server = await tinyServer({ isCut: true })
    const call = clientOf(server.url).createKey({ name: 'ci', scopes: ['admin'] })
    await expect(call).rejects.toMatchObject({ code: 'outcome_unknown' })
    expect(server.asked).toHaveLength(1)
  })

  it('repeats it when nothing was done, and a read in any case', async () => {
    const key = await tinyServer(failed(503, 'unavailable'), { body: { success: true, key: {} } })
    await clientOf(key.url).createKey({ name: 'ci', scopes: ['admin'] })
    expect(key.asked).toHaveLength(2)
    const list = await tinyServer({ isCut: true }, { body: { success: true, keys: [] } })
    await clientOf(list.url).listKeys()
    expect(list.asked).toHaveLength(2)
  })

  it('says `unavailable` when nobody listens', async () => {
    const call = clientOf(`http://127.0.0.1:${await freePort()}`, { retries: 1 }).createKey({
      name: 'ci',
      scopes: ['admin'],
    })
    await expect(call).rejects.toMatchObject({ code: 'unavailable', cause: expect.any(Error) })
    expect(waits).toHaveLength(1)
  })

  it('says `outcome_unknown` when no answer comes in time', async () => {
    const server = await tinyServer({ isSilent: true })
    const call = clientOf(server.url, { timeoutMs: 50, retries: 1 }).notify(hello)
    await expect(call).rejects.toMatchObject({ code: 'outcome_unknown', message: 'No answer within 50 ms.' })
    expect(server.asked).toHaveLength(2)
  })

  it('ends with the caller’s reason when it is aborted, in a request and between two', async () => {
    const silent = await tinyServer({ isSilent: true })
    const inRequest = AbortSignal.timeout(50)
    const inTime = clientOf(silent.url).notify(hello, { signal: inRequest })
    expect(await inTime.catch((error: unknown) => error)).toBe(inRequest.reason)
    expect(silent.asked).toHaveLength(1)

    const busy = await tinyServer(failed(429, 'rate_limited', { 'retry-after': '20' }))
    const inWait = AbortSignal.timeout(50)
    const client = createBelfryClient({ url: busy.url })
    const reason = await client.notify(hello, { signal: inWait }).catch((error: unknown) => error)
    expect(reason).toBe(inWait.reason)
    expect(busy.asked).toHaveLength(1)
  })
})
