/** X1: SIGKILL at random moments under load, with the same data folder each time. */
import { admin, delay, History, register, seeded, startServer } from '@belfry/testkit'
import { expect } from 'vitest'
import { expectNothingLost, startLoad } from './load.ts'

export async function killUnderLoad(kills: number): Promise<void> {
  const random = seeded(`${kills} kills under load`)
  const server = await startServer()
  try {
    const sender = await admin(server)
    const recipients = await Promise.all([register(server), register(server), register(server)])
    const history = new History()
    for (let kill = 0; kill < kills; kill++) {
      const load = startLoad({ history, client: sender.http, recipients, random })
      // Not a wait for something: the moment of the kill is what is random.
      await delay(random.int(10, 250))
      server.signal('SIGKILL')
      await load.stop()
      await server.restart('SIGKILL')
      await expectNothingLost({ server, history, sender, recipients, random })
    }
    expect(history.withOutcome('ok').length).toBeGreaterThan(kills)
  } finally {
    await server.close()
  }
}
