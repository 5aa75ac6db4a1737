/** reliability.md X1, the long run, and kills at exact system calls. `KILLS=` sets the number. */
import { spawn, spawnSync } from 'node:child_process'
import { admin, type BelfryServer, History, register, seeded, startServer } from '@belfry/testkit'
import { describe, expect, it } from 'vitest'
import { killUnderLoad } from '../support/kills.ts'
import { expectNothingLost, startLoad } from '../support/load.ts'
import { orSkip } from '../support/skip.ts'

const KILLS = Number(process.env.KILLS ?? 50)

it(
  `loses, doubles and disorders nothing over ${KILLS} kills under load`,
  async () => {
    await killUnderLoad(KILLS)
  },
  KILLS * 10_000,
)

describe('a kill at the n-th flush', () => {
  const hasStrace = spawnSync('strace', ['-V']).status === 0
  const moments = [1, 2, 3, 5, 8, 13, 21, 34, 60]

  async function killAtFlush(server: BelfryServer, when: number): Promise<void> {
    const pid = String(server.pid)
    const inject = `inject=fsync,fdatasync:signal=KILL:when=${when}`
    const tracer = spawn('strace', ['-f', '-p', pid, '-e', 'trace=fsync,fdatasync', '-e', inject], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    await new Promise((resolve) => tracer.stderr.once('data', resolve))
  }

  for (const when of moments) {
    it(`number ${when} loses nothing`, async (test) => {
      orSkip(test, hasStrace, 'strace is not installed')
      const random = seeded(`flush ${when}`)
      const server = await startServer()
      try {
        const sender = await admin(server)
        const recipients = [await register(server)]
        const history = new History()
        await killAtFlush(server, when)
        const load = startLoad({ history, client: sender.http, recipients, random, parallel: 2 })
        const exit = await server.exit()
        await load.stop()
        expect(exit.signal).toBe('SIGKILL')
        await server.start()
        await expectNothingLost({ server, history, sender, recipients, random })
      } finally {
        await server.close()
      }
    }, 60_000)
  }
})
