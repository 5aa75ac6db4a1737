import { setTimeout as sleep } from 'node:timers/promises'
import { metricOf } from '../belfry.ts'
import { cpuMs } from '../processes.ts'
import type { Scenario } from '../result.ts'
import { settings } from '../settings.ts'
import { type Session, sideBySide } from '../side-by-side.ts'
import { isBelfryTarget } from '../targets/belfry.ts'

const BEHIND = 10
const LOOP_LAG = 'nodejs_eventloop_lag_p99_seconds'
/** Longer than a server needs to notice thousands of closed connections. */
const QUIET_MS = 2_000
const ALL_IN_SYNC_WITHIN_MS = 60_000
/** Only a bound: the stream ends when all is sent. */
const SENDING_WITHIN_MS = 120_000

/** Sends each of the absent users some notifications; nobody is there to receive them. */
const sendToAbsent = async ({ target, generator, fault }: Session): Promise<void> => {
  const requests = Array.from({ length: settings.reconnecting }, (_, user) => target.sendToOne(user))
  const { publishers } = settings
  const stream = {
    requests,
    firstOwner: 0,
    publishers,
    pace: 'closed',
    total: BEHIND * requests.length,
  } as const
  const report = await generator.call('publish', {
    streams: [stream],
    width: 1,
    warmUpMs: 0,
    windowMs: SENDING_WITHIN_MS,
  })
  const sent = report.streams[0]?.accepted ?? 0
  if (sent < stream.total) fault(`${stream.total - sent} notifications could not be sent`)
}

/** Without catch-up there is nothing to wait for but the connections. */
const reconnectAll = async (session: Session, hasCatchUp: boolean): Promise<number> => {
  const { generator, target } = session
  const connecting = generator.call('reconnect', { indexes: 'all', perS: null })
  const caughtUp = hasCatchUp ? generator.call('settle', ALL_IN_SYNC_WITHIN_MS) : null
  const { durationMs, ready, firstFailure } = await connecting
  if (ready < settings.reconnecting)
    session.fault(`${settings.reconnecting - ready} stayed away: ${firstFailure}`)
  const counts = await caughtUp
  if (counts !== null && counts.lost + counts.repeated + counts.misdelivered > 0) {
    session.fault(`${target.name}: ${counts.lost} lost, ${counts.repeated} repeated after the return`)
  }
  return Math.max(durationMs, counts?.durationMs ?? 0)
}

const loopLagMs = async ({ target }: Session): Promise<number | null> => {
  if (!isBelfryTarget(target)) return null
  const seconds = await metricOf(target.belfry, LOOP_LAG)
  return seconds === null ? null : seconds * 1_000
}

const measure = async (session: Session) => {
  const { target, generator } = session
  const hasCatchUp = isBelfryTarget(target)
  await session.connect(settings.reconnecting, { keepsCursor: true })
  await generator.call('disconnect')
  await sleep(QUIET_MS)
  if (hasCatchUp) await sendToAbsent(session)
  // Reading the lag also starts its next period.
  await loopLagMs(session)
  const before = cpuMs(target.pid)
  const allMs = await reconnectAll(session, hasCatchUp)
  const used = cpuMs(target.pid) - before
  const lagMs = await loopLagMs(session)
  return { allMs, cpuMsPerClient: used / settings.reconnecting, ...(lagMs === null ? {} : { lagMs }) }
}

export const b5: Scenario = {
  name: 'b5',
  title: `${settings.reconnecting.toLocaleString('en')} clients return at once, each ${BEHIND} entries behind`,
  measures: [
    { key: 'allMs', label: 'until all are in sync', unit: 'ms', bars: [{ is: '<=', value: 10_000 }] },
    { key: 'cpuMsPerClient', label: "server's CPU for each", unit: 'ms', bars: [{ is: '<=', value: 1 }] },
    { key: 'lagMs', label: 'event loop lag, p99', unit: 'ms', bars: [{ is: '<=', value: 200 }] },
  ],
  run: () =>
    sideBySide({
      targets: ['belfry', 'ceiling'],
      accounts: settings.reconnecting,
      measure,
      notes: ['The ceiling stores nothing: its clients only connect again.'],
    }),
}
