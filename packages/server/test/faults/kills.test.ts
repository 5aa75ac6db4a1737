/** reliability.md X1, the short run: nothing acknowledged is lost by SIGKILL under load. */
import { expect, it } from 'vitest'
import { killUnderLoad } from '../support/kills.ts'

it('loses, doubles and disorders nothing over 20 kills under load', async () => {
  await expect(killUnderLoad(20)).resolves.toBeUndefined()
}, 110_000)
