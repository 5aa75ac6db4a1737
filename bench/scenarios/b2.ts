import type { Scenario } from '../result.ts'
import { settings } from '../settings.ts'
import { type Session, sideBySide } from '../side-by-side.ts'

// Enough that the server never waits for the next request; one alone would measure the gaps.
const PUBLISHERS = 4

const measure = async (session: Session) => {
  const { warmUpMs, windowMs, recipients } = settings
  await session.connect(recipients)
  const requests = [session.target.sendToMany([...Array(recipients).keys()])]
  const stream = { requests, firstOwner: 0, publishers: PUBLISHERS, pace: 'closed' } as const
  const report = await session.publish({ streams: [stream], width: recipients, warmUpMs, windowMs })
  const alone = await session.publish({
    streams: [{ ...stream, publishers: 1, pace: 'lockstep' }],
    width: recipients,
    warmUpMs: warmUpMs / 4,
    windowMs: windowMs / 2,
  })
  return {
    perS: ((report.streams[0]?.delivered ?? 0) * 1_000) / report.windowMs,
    aloneMs: alone.streams[0]?.fanOutMs ?? Number.NaN,
    serverCore: report.serverCore,
    generatorCore: report.generatorCore,
  }
}

export const b2: Scenario = {
  name: 'b2',
  title: `One request with ${settings.recipients.toLocaleString('en')} recipients, all online`,
  measures: [
    { key: 'perS', label: 'stored and delivered', unit: '/s', bars: [{ is: '>=', value: 40_000 }] },
    { key: 'aloneMs', label: 'one request alone, to its last frame', unit: 'ms', bars: [] },
    { key: 'serverCore', label: "server's core busy", unit: '', bars: [] },
    { key: 'generatorCore', label: "generator's core busy", unit: '', bars: [] },
  ],
  run: () =>
    sideBySide({ targets: ['belfry', 'tutorial', 'ceiling'], accounts: settings.recipients, measure }),
}
