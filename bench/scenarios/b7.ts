import { setTimeout as sleep } from 'node:timers/promises'
import { residentBytes } from '../processes.ts'
import type { Scenario } from '../result.ts'
import { settings } from '../settings.ts'
import { type Session, sideBySide } from '../side-by-side.ts'

const MIB = 1_024 * 1_024
const OTHERS = 199
const STALLED = 0
const OTHERS_PER_S = 1_000
const BYTES_PER_S = 2_000_000
/** Close to the longest message that a server takes: 4,000 characters. */
const FILLER = 'x'.repeat(3_800)
const PUBLISHERS = 16
const SAMPLE_EVERY_MS = 100
/** Longer than a woken client needs to read what the kernel holds for it and to find its connection closed. */
const WAKE_WITHIN_MS = 3_000

const streamsOf = ({ target }: Session) => [
  {
    requests: [target.sendToOne(STALLED, FILLER)],
    firstOwner: STALLED,
    publishers: PUBLISHERS,
    pace: BYTES_PER_S / target.sendToOne(STALLED, FILLER).length,
  },
  {
    requests: Array.from({ length: OTHERS }, (_, index) => target.sendToOne(index + 1)),
    firstOwner: 1,
    publishers: PUBLISHERS,
    pace: OTHERS_PER_S,
  },
]

/** Publishes for a while; gives the most memory that the server held and the others' p99. */
const publishFor = async (session: Session) => {
  let isOver = false
  let peak = 0
  const watching = (async () => {
    while (!isOver) {
      peak = Math.max(peak, residentBytes(session.target.pid))
      await sleep(SAMPLE_EVERY_MS)
    }
  })()
  const report = await session.generator.call('publish', {
    streams: streamsOf(session),
    width: 1,
    warmUpMs: 0,
    windowMs: settings.stallSeconds * 1_000,
  })
  isOver = true
  await watching
  const failed = report.streams.reduce((sum, stream) => sum + stream.failed, 0)
  if (failed > 0) session.fault(`${failed} requests failed`)
  return { peakMib: peak / MIB, othersP99: report.streams[1]?.delivery.p99 ?? Number.NaN }
}

/** The client reads again, comes back if the server hung up on it, and must then have everything once. */
const wake = async (session: Session): Promise<boolean> => {
  const { generator } = session
  await generator.call('resume', STALLED)
  await sleep(WAKE_WITHIN_MS)
  const closed = await generator.call('closed')
  if (closed.length > 0) await generator.call('reconnect', { indexes: closed, perS: null })
  if (closed.some((index) => index !== STALLED))
    session.fault('the server closed a connection that was reading')
  await session.settle('after the stalled client came back')
  return closed.includes(STALLED)
}

const measure = async (session: Session) => {
  await session.connect(OTHERS + 1, { keepsCursor: true })
  // Twice, so that the memory that any traffic needs is there before the comparison.
  await publishFor(session)
  await session.settle('before the stall')
  const reading = await publishFor(session)
  await session.settle('before the stall')
  await session.generator.call('stall', STALLED)
  const stalled = await publishFor(session)
  const wasClosed = await wake(session)
  return {
    heldMib: Math.max(0, stalled.peakMib - reading.peakMib),
    othersP99: stalled.othersP99,
    othersRatio: stalled.othersP99 / reading.othersP99,
    readingP99: reading.othersP99,
    wasClosed: Number(wasClosed),
  }
}

export const b7: Scenario = {
  name: 'b7',
  title: `A client stops reading at ${BYTES_PER_S / 1_000_000} MB/s for ${settings.stallSeconds} s`,
  measures: [
    { key: 'heldMib', label: 'held for it', unit: 'MiB', bars: [{ is: '<=', value: 2 }] },
    { key: 'othersP99', label: "others' publish → frame, p99", unit: 'ms', bars: [] },
    {
      key: 'othersRatio',
      label: 'the same, against before the stall',
      unit: '×',
      bars: [{ is: '<=', value: 1.5 }],
    },
  ],
  run: () => sideBySide({ targets: ['belfry', 'ceiling'], accounts: OTHERS + 1, measure }),
}
