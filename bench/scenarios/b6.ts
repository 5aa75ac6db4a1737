import { adminHeaders, type Belfry, headersOf, startBelfry } from '../belfry.ts'
import { belfryAlone } from '../belfry-alone.ts'
import type { Percentiles } from '../generator/samples.ts'
import { startGenerator } from '../generator-process.ts'
import type { Scenario } from '../result.ts'
import { sharedSeededFolder } from '../seeding/seeded-folder.ts'
import { settings } from '../settings.ts'
import { rawRequest, type Target } from '../target.ts'
import { targetOf } from '../targets/belfry.ts'

/** Readers whose inboxes are asked for: half have full inboxes, half are anyone. */
const READERS = 1_000
const REQUESTS_PER_S = 400
const PUBLISHERS = 8

const readers = (): readonly number[] => {
  const step = Math.max(1, Math.floor(settings.accounts / READERS))
  const anyone = Array.from({ length: READERS / 2 }, (_, index) => (index * 2 + 1) * step)
  const heavy = Array.from({ length: READERS / 2 }, (_, index) => index)
  return anyone.flatMap((user, index) => [user % settings.accounts, (heavy[index] ?? 0) % settings.accounts])
}

export interface Asking {
  readonly target: Target
  /** How long requests take that this makes, one for each of the readers in turn. */
  timesOf(requestOf: (user: number) => string): Promise<Percentiles>
  read(path: string): Promise<Percentiles>
  /** Ends the generator and the server. */
  stop(): Promise<void>
}

export const startAsking = async (belfry: Belfry, fault: (text: string) => void): Promise<Asking> => {
  const target = targetOf(belfry, await adminHeaders(belfry))
  const { port } = target
  const generator = startGenerator()
  await generator.call('connect', { port, sockets: [], perS: null })
  const timesOf = async (requestOf: (user: number) => string): Promise<Percentiles> => {
    const requests = readers().map((user) => requestOf(user))
    const stream = { requests, firstOwner: 0, publishers: PUBLISHERS, pace: REQUESTS_PER_S }
    const { warmUpMs, windowMs } = settings
    const report = await generator.call('publish', { streams: [stream], width: 0, warmUpMs, windowMs })
    const [first] = report.streams
    if (first === undefined || first.failed > 0)
      fault(`${requests[0]?.split('\r\n')[0]}: ${first?.failed} failed: ${first?.firstFailure}`)
    return first?.request ?? { count: 0, p50: Number.NaN, p99: Number.NaN, max: Number.NaN }
  }
  return {
    target,
    timesOf,
    read: (path) => timesOf((user) => rawRequest({ port, method: 'GET', path, headers: headersOf(user) })),
    async stop() {
      await generator.stop()
      await belfry.running.stop()
    },
  }
}

/** Paths of what is asked for. */
export const LIST = '/api/notifications?limit=50'
export const COUNT = '/api/notifications/count'

/** Only reads: the folder is shared with other scenarios. */
const measureFolder = async (items: number, fault: (text: string) => void) => {
  const asking = await startAsking(
    await startBelfry(await sharedSeededFolder(settings.accounts, items)),
    fault,
  )
  const list = await asking.read(LIST)
  const count = await asking.read(COUNT)
  await asking.stop()
  return { list, count }
}

export const b6: Scenario = {
  name: 'b6',
  title: `Latest 50 and unread count with ${settings.storedItems.toLocaleString('en')} notifications and ${settings.accounts.toLocaleString('en')} users`,
  measures: [
    { key: 'listP99', label: 'latest 50, p99', unit: 'ms', bars: [{ is: '<=', value: 5 }] },
    { key: 'countP99', label: 'unread count, p99', unit: 'ms', bars: [{ is: '<=', value: 1 }] },
    {
      key: 'listGrowth',
      label: `latest 50, growth from ${settings.fewItems.toLocaleString('en')}`,
      unit: '×',
      bars: [{ is: '<=', value: 1.5 }],
    },
    {
      key: 'countGrowth',
      label: `unread count, growth from ${settings.fewItems.toLocaleString('en')}`,
      unit: '×',
      bars: [{ is: '<=', value: 1.5 }],
    },
  ],
  run: () =>
    belfryAlone(async (fault) => {
      const few = await measureFolder(settings.fewItems, fault)
      const many = await measureFolder(settings.storedItems, fault)
      return {
        listP99: many.list.p99,
        countP99: many.count.p99,
        listP50: many.list.p50,
        countP50: many.count.p50,
        fewListP99: few.list.p99,
        fewCountP99: few.count.p99,
        listGrowth: many.list.p50 / few.list.p50,
        countGrowth: many.count.p50 / few.count.p50,
      }
    }),
}
