/**
 * reliability.md X2: power loss. The data folder lies on ext4 in a file. Under load the server is stopped (SIGSTOP), the
 * file is copied, the server is killed, the copy is mounted and served. What only the page cache knew is gone by then.
 *
 * The control shows that the procedure can see a loss: the same server, whose flushes are swallowed by strace
 * (`fsync` and `fdatasync` return 0 and do nothing, as on a disk that lies), must lose acknowledged rows.
 */
import { spawnSync } from 'node:child_process'
import { admin, delay, History, http, listAll, register, seeded, startServer } from '@belfry/testkit'
import { describe, expect, it } from 'vitest'
import { expectNothingLost, findProblems, startLoad } from '../support/load.ts'
import { canMount, createLoopDisk } from '../support/loop-disk.ts'
import { orSkip } from '../support/skip.ts'

const ROUNDS = Number(process.env.POWER_LOSSES ?? 20)
const CONTROL_ROUNDS = 3
const isPossible = canMount()

async function lossesOf(rounds: number, wrap: readonly string[] = []): Promise<number> {
  const random = seeded(`${rounds} power losses`)
  let losses = 0
  for (let round = 0; round < rounds; round++) {
    const disk = createLoopDisk()
    const server = await startServer({ dataDir: disk.path, wrap, readyWithinMs: 20_000 })
    const sender = await admin(server)
    const recipients = [await register(server), await register(server)]
    // On a lying disk even these accounts are gone: make sure that the start itself is not under test.
    spawnSync('sync', ['-f', disk.path])
    const history = new History()
    const load = startLoad({ history, client: sender.http, recipients, random })
    await delay(random.int(200, 600))
    server.signal('SIGSTOP')
    const after = disk.cutPower()
    server.signal('SIGKILL')
    await load.stop()
    await server.close()
    const again = await startServer({ dataDir: after.path })
    try {
      const reading = recipients.map((person) => ({ ...person, http: http(again, person.token) }))
      const problems = await findProblems(history, reading)
      losses += problems.filter((problem) => problem.startsWith('lost')).length
      if (wrap.length === 0) {
        await expectNothingLost({
          server: again,
          history,
          sender: await admin(again),
          recipients: reading,
          random,
        })
        expect((await listAll(reading[0] as never)).length).toBeGreaterThan(0)
      }
    } finally {
      await again.close()
      after.close()
      disk.close()
      disk.remove()
    }
  }
  return losses
}

describe('power loss under load', () => {
  it(
    `loses nothing that was acknowledged, over ${ROUNDS} rounds`,
    async (test) => {
      orSkip(test, isPossible, 'needs root and loop devices')
      expect(await lossesOf(ROUNDS)).toBe(0)
    },
    ROUNDS * 20_000,
  )

  it(
    'is seen by this procedure: on a disk that lies about flushes rows are lost',
    async (test) => {
      orSkip(test, isPossible, 'needs root and loop devices')
      orSkip(test, spawnSync('strace', ['-V']).status === 0, 'strace is not installed')
      const liar = [
        'strace',
        '-f',
        '-qq',
        '-o',
        '/dev/null',
        '-e',
        'trace=fsync,fdatasync',
        '-e',
        'inject=fsync,fdatasync:retval=0',
      ]
      expect(await lossesOf(CONTROL_ROUNDS, liar)).toBeGreaterThan(0)
    },
    CONTROL_ROUNDS * 40_000,
  )
})
