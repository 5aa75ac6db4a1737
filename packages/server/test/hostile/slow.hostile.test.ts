/** security.md §12, A6, A7, F10, F16: what takes its time. */
import { drip, http, openEngine, openPolling, rawHttp, requestText, timed } from '@belfry/testkit'
import { describe, expect, it } from 'vitest'
import { useHostileServer } from '../support/hostile.ts'

const context = useHostileServer()

describe('slow requests', () => {
  it('A6: a Content-Length larger than what is sent is answered 408 or closed within 20 s', async () => {
    const { port } = context.server
    const text = requestText(port, 'POST', '/api/auth/login', {
      headers: ['Content-Type: application/json', 'Content-Length: 500'],
    })
    const reply = await context.unchanged(() =>
      rawHttp(port, `${text}{"email":`, { timeoutMs: 20_000, until: 'close' }),
    )
    expect([0, 408]).toContain(reply.status)
  }, 40_000)

  it('A7: 500 connections with a byte of their headers every 5 s are closed within 15 s, and others are served', async () => {
    const { port } = context.server
    await context.unchanged(async () => {
      const drips = Promise.all(
        Array.from({ length: 500 }, () =>
          // Headers have 10 s, looked at every 2 s; the rest is the scheduling of 500 sockets in one test.
          drip(port, { head: 'GET /api/health HTTP/1.1\r\n', rest: 'X: y', everyMs: 5_000, limitMs: 15_500 }),
        ),
      )
      const { ms } = await timed(() => http(context.server).get('/api/health'))
      expect(ms).toBeLessThan(1_000)
      await drips
    })
  }, 40_000)
})

describe('an engine without a namespace', () => {
  it('F10: that never says CONNECT is cut within 5 s', async () => {
    const raw = await openEngine(context.server)
    await context.unchanged(() => raw.cut(6_500))
  }, 20_000)

  it('F10: that polls and never says CONNECT is cut within 5 s', async () => {
    const session = await openPolling(context.server)
    const { ms } = await timed(async () => {
      for (let reply = await session.poll(20_000); reply.status === 200; reply = await session.poll(20_000)) {
        if (reply.text.includes('1') && reply.text.length === 1) break
      }
    })
    expect(ms).toBeLessThan(7_000)
  }, 30_000)

  it('F16: whose probe never finishes is cut within 10 s', async () => {
    const { sid } = await openPolling(context.server)
    const raw = await openEngine(context.server, { query: `EIO=4&transport=websocket&sid=${sid}` })
    raw.send('2probe')
    await context.unchanged(() => raw.cut(11_000))
  }, 30_000)
})
