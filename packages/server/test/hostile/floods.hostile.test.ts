/** security.md §12, B9, C8, D16, F12, F14: too much of it. */
import { randomBytes } from 'node:crypto'
import {
  connect,
  connected,
  freshEmail,
  http,
  openEngine,
  type Person,
  pollingRequest,
  pooled,
  register,
  timed,
} from '@belfry/testkit'
import { describe, expect, it } from 'vitest'
import { expectRefusedWith, residentMb, useHostileServer } from '../support/hostile.ts'

const context = useHostileServer({ env: { RATE_LIMIT: undefined } })
const MEMORY_MB = 100

describe('floods', () => {
  it('B9: 4,000 wrong tokens are 401 or 429, and others are unharmed', async () => {
    await context.survive(async () => {
      const replies = await pooled(Array.from({ length: 4_000 }), 40, () =>
        http(context.server, `${randomBytes(20).toString('hex')}.x.y`).get('/api/notifications'),
      )
      for (const reply of replies) expectRefusedWith(reply, 401, 429)
    })
  }, 60_000)

  it('D16: 5,000 sends by one user are 403 or 429, and a canary takes less than a second', async () => {
    await context.survive(async () => {
      const body = { audience: { all: true }, message: 'x' }
      const replies = await pooled(Array.from({ length: 5_000 }), 40, () =>
        context.user.http.post('/api/notifications/send', body),
      )
      for (const reply of replies) expectRefusedWith(reply, 403, 429)
      expect(replies.some(({ status }) => status === 429)).toBe(true)
    })
  }, 60_000)

  it('C8: 101 logins over 101 accounts from one address end in 429 with Retry-After', async () => {
    const replies = await context.survive(() =>
      pooled(Array.from({ length: 101 }), 4, () =>
        http(context.server).post('/api/auth/login', { email: freshEmail(), password: 'wrong-password' }),
      ),
    )
    const last = replies.filter(({ status }) => status === 429)
    expect(last.length).toBeGreaterThan(0)
    for (const { headers } of last) expect(headers.get('retry-after')).toMatch(/^[1-9]\d*$/)
  }, 60_000)
})

describe('F12: handshakes and sockets', () => {
  // A server of its own: the floods above have used up this address's share of the other one.
  const fresh = useHostileServer({ env: { RATE_LIMIT: undefined } })

  it('the 51st socket of a user is refused, and the 50 before it live on', async () => {
    const person: Person = await register(fresh.server)
    const sockets = await pooled(Array.from({ length: 50 }), 10, () =>
      connected(fresh.server, person.auth, { transports: ['websocket'] }),
    )
    const last = connect(fresh.server, person.auth, { transports: ['websocket'], reconnection: false })
    const first = await Promise.race([last.turn('connect_error'), last.turn('disconnect')])
    expect(first.name).toMatch(/connect_error|disconnect/)
    for (const socket of sockets) expect(socket.socket.connected).toBe(true)
  }, 30_000)

  it('10,000 handshakes from one address end in 429 or 503', async () => {
    await fresh.survive(async () => {
      const statuses = await pooled(Array.from({ length: 10_000 }), 50, () =>
        pollingRequest(fresh.server, 'EIO=4&transport=polling').then(
          ({ status }) => status,
          () => 0,
        ),
      )
      expect(statuses.some((status) => status === 429 || status === 503)).toBe(true)
    })
  }, 90_000)
})

describe('F14: a peer that does not read', () => {
  const calm = useHostileServer()

  it('and sends 600,000 pings is cut, and costs little memory', async () => {
    const raw = await openEngine(calm.server)
    raw.send(`40${JSON.stringify(calm.user.auth)}`)
    await raw.frame((frame) => frame.startsWith('40{'))
    raw.ws.pause()
    const before = residentMb(calm.server.pid)
    await calm.survive(async () => {
      for (let number = 0; number < 600_000 && raw.ws.readyState === raw.ws.OPEN; number++) {
        raw.ws.ping()
        if (number % 5_000 === 0) await new Promise((resolve) => setImmediate(resolve))
      }
    })
    expect(residentMb(calm.server.pid) - before).toBeLessThan(MEMORY_MB)
    raw.ws.resume()
    raw.close()
  }, 90_000)

  it('and sends 200,000 events for their acknowledgements is cut, and costs little memory', async () => {
    const raw = await openEngine(calm.server)
    raw.send(`40${JSON.stringify(calm.user.auth)}`)
    await raw.frame((frame) => frame.startsWith('40{'))
    raw.ws.pause()
    const before = residentMb(calm.server.pid)
    const { ms } = await timed(() =>
      calm.survive(async () => {
        for (let number = 0; number < 200_000 && raw.ws.readyState === raw.ws.OPEN; number++) {
          raw.send(`42${number}["get-unread-count","${calm.user.id}"]`)
          if (number % 1_000 === 0) await new Promise((resolve) => setImmediate(resolve))
        }
      }),
    )
    expect(residentMb(calm.server.pid) - before).toBeLessThan(MEMORY_MB)
    expect(ms).toBeLessThan(60_000)
    raw.close()
  }, 90_000)
})
