import { setTimeout as sleep } from 'node:timers/promises'
import { residentBytes } from '../processes.ts'
import type { Scenario } from '../result.ts'
import { settings } from '../settings.ts'
import { type Session, sideBySide } from '../side-by-side.ts'

const KIB = 1_024
const SAMPLES = 10
const SAMPLE_EVERY_MS = 500

/** The lowest of some samples: what the process holds between two collections of garbage. */
const settledBytes = async (pid: number, settleMs: number): Promise<number> => {
  await sleep(settleMs)
  let lowest = Number.POSITIVE_INFINITY
  for (let sample = 0; sample < SAMPLES; sample++) {
    lowest = Math.min(lowest, residentBytes(pid))
    await sleep(SAMPLE_EVERY_MS)
  }
  return lowest
}

const measure = async (session: Session) => {
  const { pid } = session.target
  const empty = await settledBytes(pid, 1_000)
  await session.connect(settings.idleSockets)
  const full = await settledBytes(pid, settings.idleSettleMs)
  const closed = await session.generator.call('closed')
  if (closed.length > 0) session.fault(`the server closed ${closed.length} idle connections`)
  return {
    kibPerSocket: (full - empty) / settings.idleSockets / KIB,
    emptyMib: empty / KIB / KIB,
    fullMib: full / KIB / KIB,
  }
}

export const b4: Scenario = {
  name: 'b4',
  title: `Memory of ${settings.idleSockets.toLocaleString('en')} idle authenticated connections`,
  measures: [
    {
      key: 'kibPerSocket',
      label: 'resident memory for each',
      unit: 'KiB',
      bars: [
        { is: '<=', value: 20 },
        { is: '<=', value: 1, times: 'ceiling' },
      ],
    },
    { key: 'emptyMib', label: 'without connections', unit: 'MiB', bars: [] },
    { key: 'fullMib', label: 'with all', unit: 'MiB', bars: [] },
  ],
  run: () => sideBySide({ targets: ['belfry', 'ceiling'], accounts: settings.idleSockets, measure }),
}
