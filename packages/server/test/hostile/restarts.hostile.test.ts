/** security.md §12, J6, J7: kills in a row, and the limiter's memory. `RESTART_SECONDS=` sets how long. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import {
  admin,
  delay,
  freshEmail,
  http,
  listAll,
  pooled,
  register,
  sendTo,
  startServer,
} from '@belfry/testkit'
import { expect, it } from 'vitest'
import { residentMb } from '../support/hostile.ts'

const SECONDS = Number(process.env.RESTART_SECONDS ?? 300)
const sizeOf = (folder: string) =>
  readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)

it(
  `J6: SIGKILL every 2 s for ${SECONDS} s: it starts each time, loses nothing, and grows by nothing`,
  async () => {
    const server = await startServer()
    try {
      const [sender, person] = [await admin(server), await register(server)]
      await sendTo(sender, person, 'kept')
      await server.restart('SIGKILL')
      const size = sizeOf(server.dataDir)
      const until = performance.now() + SECONDS * 1_000
      while (performance.now() < until) {
        await delay(2_000)
        await server.restart('SIGKILL')
      }
      expect((await listAll(person)).map(({ message }) => message)).toEqual(['kept'])
      // One page of SQLite's for what a start may note down, not one per start.
      expect(sizeOf(server.dataDir) - size).toBeLessThan(1_024 * 1_024)
    } finally {
      await server.close()
    }
  },
  (SECONDS + 60) * 2_000,
)

it('J7: 10,000 keys in the limiter stay within bounded memory', async () => {
  const server = await startServer({ env: { RATE_LIMIT: undefined } })
  try {
    const before = residentMb(server.pid)
    await pooled(Array.from({ length: 10_000 }), 30, () =>
      http(server).post('/api/auth/login', { email: freshEmail(), password: 'wrong-password' }),
    )
    expect(residentMb(server.pid) - before).toBeLessThan(100)
    expect((await http(server).get('/api/health')).status).toBe(200)
  } finally {
    await server.close()
  }
}, 120_000)
