import type { Scenario } from '../result.ts'
import { countEntries } from '../seeding/stored.ts'
import { settings } from '../settings.ts'
import { type Session, sideBySide } from '../side-by-side.ts'
import { isBelfryTarget } from '../targets/belfry.ts'

const entriesOf = ({ target }: Session): number | null =>
  isBelfryTarget(target) ? countEntries(target) : null

const measure = async (session: Session) => {
  const { broadcastSockets, warmUpMs, windowMs } = settings
  await session.connect(broadcastSockets)
  const before = entriesOf(session)
  const stream = {
    requests: [session.target.sendToAll()],
    firstOwner: 0,
    publishers: 1,
    pace: 'lockstep',
  } as const
  // A broadcast takes about 0.1 s: the window is stretched so that a p99 means something.
  const report = await session.publish({
    streams: [stream],
    width: broadcastSockets,
    warmUpMs,
    windowMs: windowMs * 2,
  })
  const after = entriesOf(session)
  const broadcast = report.streams[0]
  if (broadcast === undefined) throw new Error('no report')
  return {
    perS: (broadcastSockets * 1_000) / broadcast.fanOutMs,
    fanOutMs: broadcast.fanOutMs,
    requestP50: broadcast.request.p50,
    requestP99: broadcast.request.p99,
    broadcasts: broadcast.accepted,
    ...(before === null || after === null ? {} : { entries: (after - before) / broadcast.accepted }),
    serverCore: report.serverCore,
    generatorCore: report.generatorCore,
  }
}

export const b3: Scenario = {
  name: 'b3',
  title: `Broadcast to ${settings.broadcastSockets.toLocaleString('en')} online of ${settings.accounts.toLocaleString('en')} users`,
  measures: [
    { key: 'perS', label: 'fan-out', unit: '/s', bars: [{ is: '>=', value: 0.9, times: 'ceiling' }] },
    { key: 'requestP99', label: 'request answered, p99', unit: 'ms', bars: [{ is: '<=', value: 10 }] },
    { key: 'entries', label: 'entries written for one broadcast', unit: '', bars: [{ is: '<=', value: 1 }] },
    { key: 'fanOutMs', label: 'request to its last frame', unit: 'ms', bars: [] },
    { key: 'serverCore', label: "server's core busy", unit: '', bars: [] },
    { key: 'generatorCore', label: "generator's core busy", unit: '', bars: [] },
  ],
  run: () => sideBySide({ targets: ['belfry', 'ceiling'], accounts: settings.accounts, measure }),
}
