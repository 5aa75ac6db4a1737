/** contract.md §9: what is limited, and what is never refused. */
import { connected, freshEmail, http, list, pooled, register } from '@belfry/testkit'
import { describe, expect, it } from 'vitest'
import { expectRefusal, expectSuccess } from '../support/expect.ts'
import { useServers } from '../support/use-server.ts'

const start = useServers()
const limited = () => start({ env: { RATE_LIMIT: undefined } })

function expectLimited(reply: Parameters<typeof expectRefusal>[0]): void {
  expectRefusal(reply, 429, 'rate_limited')
  expect(reply.headers.get('retry-after')).toMatch(/^[1-9]\d*$/)
}

describe('POST /api/auth/login', () => {
  it('answers the first 5 failures 401, and 429 after 10 within a minute; tokens already given keep working', async () => {
    const server = await limited()
    const person = await register(server)
    const attempt = (password: string) =>
      http(server).post('/api/auth/login', { email: person.email, password })
    for (let number = 1; number <= 10; number++) {
      const reply = await attempt(`wrong password ${number}`)
      if (number <= 5) expectRefusal(reply, 401, 'unauthorized', 'Invalid credentials')
      else expect([401, 429]).toContain(reply.status)
    }
    expectLimited(await attempt('wrong password 11'))
    expectLimited(await attempt(person.password))
    expectSuccess(await person.http.get('/api/notifications'))
    const other = await register(server)
    expect(other.token).toMatch(/./)
  })

  it('answers the same for an unknown e-mail', async () => {
    const server = await limited()
    const email = freshEmail()
    const attempt = () => http(server).post('/api/auth/login', { email, password: 'wrong password' })
    for (let number = 1; number <= 5; number++)
      expectRefusal(await attempt(), 401, 'unauthorized', 'Invalid credentials')
    for (let number = 6; number <= 10; number++) await attempt()
    expectLimited(await attempt())
  })

  it('counts an account once, whatever the case of the letters of its e-mail', async () => {
    const server = await limited()
    const email = freshEmail()
    for (let number = 1; number <= 10; number++) {
      const spelled = number % 2 === 0 ? email.toUpperCase() : email
      await http(server).post('/api/auth/login', { email: spelled, password: 'wrong password' })
    }
    expectLimited(await http(server).post('/api/auth/login', { email, password: 'wrong password' }))
  })

  it('answers 429 after 100 attempts within a minute from one address', async () => {
    const server = await limited()
    const replies = await pooled(Array.from({ length: 100 }), 4, () =>
      http(server).post('/api/auth/login', { email: freshEmail(), password: 'wrong password' }),
    )
    expect(replies.slice(0, 50).map(({ status }) => status)).not.toContain(429)
    expectLimited(
      await http(server).post('/api/auth/login', { email: freshEmail(), password: 'wrong password' }),
    )
  })
})

describe('never refused by default', () => {
  it('are 20 registrations and 20 successful logins a minute from one address', async () => {
    const server = await limited()
    const people = await pooled(Array.from({ length: 20 }), 4, () => register(server))
    expect(people).toHaveLength(20)
  })

  it('are 20 successful logins of one account', async () => {
    const server = await limited()
    const { email, password } = await register(server)
    for (let number = 0; number < 19; number++) {
      expectSuccess(await http(server).post('/api/auth/login', { email, password }))
    }
  })

  it('are bursts of 200 requests, and 50 requests a second after them, per signed-in user', async () => {
    const server = await limited()
    const person = await register(server)
    const get = () => person.http.get('/api/notifications/count')
    const burst = await Promise.all(Array.from({ length: 200 }, get))
    expect(burst.filter(({ status }) => status !== 200)).toEqual([])
    for (let second = 0; second < 2; second++) {
      const startedAt = performance.now()
      const replies = await Promise.all(Array.from({ length: 50 }, get))
      expect(replies.filter(({ status }) => status !== 200)).toEqual([])
      // A rate is per second of time: the rest of this second belongs to the statement under test.
      await new Promise((resolve) => setTimeout(resolve, 1_000 - (performance.now() - startedAt)))
    }
  })

  it('are 50 socket events a second per socket', async () => {
    const server = await limited()
    const person = await register(server)
    const socket = await connected(server, person.auth)
    for (let second = 0; second < 2; second++) {
      const startedAt = performance.now()
      const acks = await Promise.all(
        Array.from({ length: 50 }, () => socket.ack('get-unread-count', person.id)),
      )
      expect(acks.filter(({ ok }) => !ok)).toEqual([])
      await new Promise((resolve) => setTimeout(resolve, 1_000 - (performance.now() - startedAt)))
    }
  })
})

describe('a flood', () => {
  it("of one user's requests ends in 429 with Retry-After, and harms no other user", async () => {
    const server = await limited()
    const [flooder, other] = [await register(server), await register(server)]
    const replies = await Promise.all(
      Array.from({ length: 1_000 }, () => flooder.http.get('/api/notifications/count')),
    )
    const refused = replies.filter(({ status }) => status !== 200)
    expect(refused.length).toBeGreaterThan(0)
    for (const reply of refused) expectLimited(reply)
    expect(await list(other)).toEqual([])
  })

  it('is served whole with RATE_LIMIT=off', async () => {
    const server = await start()
    const person = await register(server)
    const replies = await Promise.all(
      Array.from({ length: 1_000 }, () => person.http.get('/api/notifications/count')),
    )
    expect(replies.filter(({ status }) => status !== 200)).toEqual([])
  })
})
