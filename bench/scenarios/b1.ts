import type { PublishReport } from '../generator/commands.ts'
import type { Scenario } from '../result.ts'
import { settings } from '../settings.ts'
import { type Session, sideBySide } from '../side-by-side.ts'

const streamOf = (session: Session, pace: 'closed' | number) => ({
  requests: Array.from({ length: settings.onlineUsers }, (_, user) => session.target.sendToOne(user)),
  firstOwner: 0,
  publishers: settings.publishers,
  pace,
})

const perS = (report: PublishReport): number =>
  ((report.streams[0]?.delivered ?? 0) * 1_000) / report.windowMs

const measure = async (session: Session) => {
  const { warmUpMs, windowMs } = settings
  await session.connect(settings.onlineUsers)
  const full = await session.publish({ streams: [streamOf(session, 'closed')], width: 1, warmUpMs, windowMs })
  const rate = perS(full)
  const half = await session.publish({ streams: [streamOf(session, rate / 2)], width: 1, warmUpMs, windowMs })
  return {
    perS: rate,
    p50: full.streams[0]?.delivery.p50 ?? Number.NaN,
    p99: full.streams[0]?.delivery.p99 ?? Number.NaN,
    halfP50: half.streams[0]?.delivery.p50 ?? Number.NaN,
    halfP99: half.streams[0]?.delivery.p99 ?? Number.NaN,
    halfPerS: perS(half),
    serverCore: full.serverCore,
    generatorCore: full.generatorCore,
  }
}

export const b1: Scenario = {
  name: 'b1',
  title: `One notification to one of ${settings.onlineUsers.toLocaleString('en')} online users, ${settings.publishers} publishers`,
  measures: [
    {
      key: 'perS',
      label: 'stored and delivered',
      unit: '/s',
      bars: [
        { is: '>=', value: 10_000 },
        { is: '>=', value: 4, times: 'tutorial' },
        { is: '>=', value: 0.4, times: 'nchan' },
      ],
    },
    { key: 'p50', label: 'publish → frame, full load, p50', unit: 'ms', bars: [{ is: '<=', value: 5 }] },
    { key: 'p99', label: 'publish → frame, full load, p99', unit: 'ms', bars: [{ is: '<=', value: 25 }] },
    { key: 'halfP99', label: 'publish → frame, half load, p99', unit: 'ms', bars: [{ is: '<=', value: 8 }] },
    { key: 'serverCore', label: "server's core busy", unit: '', bars: [] },
    { key: 'generatorCore', label: "generator's core busy", unit: '', bars: [] },
  ],
  run: () =>
    sideBySide({ targets: ['belfry', 'tutorial', 'nchan'], accounts: settings.onlineUsers, measure }),
}
