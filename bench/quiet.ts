import { setTimeout as sleep } from 'node:timers/promises'
import { watchCore } from './generator/cores.ts'
import { settings } from './settings.ts'

const SAMPLE_MS = 1_000
const QUIET_SHARE = 0.15

/** Waits until other programs leave both cores alone, at most `settings.quietWithinMs`; tells whether they did. */
export const waitForQuiet = async (): Promise<boolean> => {
  const deadline = performance.now() + settings.quietWithinMs
  while (performance.now() < deadline) {
    const cores = [settings.serverCpu, settings.generatorCpu].map((cpu) => watchCore(Number(cpu)))
    await sleep(SAMPLE_MS)
    if (cores.every((busyShare) => busyShare() < QUIET_SHARE)) return true
  }
  return false
}
