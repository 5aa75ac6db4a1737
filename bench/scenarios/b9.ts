import { rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { startBelfry } from '../belfry.ts'
import { belfryAlone } from '../belfry-alone.ts'
import { startGenerator } from '../generator-process.ts'
import { cpuMs } from '../processes.ts'
import type { Figures, Scenario } from '../result.ts'
import { seededFolder } from '../seeding/seeded-folder.ts'
import { settings } from '../settings.ts'
import { userId } from '../target.ts'
import { targetOf } from '../targets/belfry.ts'

const CHAT_SIZE = 40
const WATCHED = 20
/** Ten percent of them in each minute. */
const FLAPPING_SHARE = 0.1
/** Longer than the 15 s for which one who has gone is still shown: everybody is told, both times. */
const AWAY_MS = 20_000
/** Until as many come back as go. */
const WARM_UP_MS = AWAY_MS + 10_000
const SETTLE_MS = 5_000
const GRACE_MS = 15_000
/** Those who are away themselves are told nothing: a thirtieth of the crowd. */
const TOLD_AT_LEAST = 0.9

/** The next ones of the same chat, so that everybody is watched by as many. */
const watchedBy = (user: number, users: number): string[] => {
  const first = user - (user % CHAT_SIZE)
  const size = Math.min(CHAT_SIZE, users - first)
  const count = Math.min(WATCHED, size - 1)
  return Array.from({ length: count }, (_, index) => userId(first + ((user - first + 1 + index) % size)))
}

const shareOf = async (pid: number, ms: number): Promise<number> => {
  const before = cpuMs(pid)
  const startedAt = performance.now()
  await sleep(ms)
  return ((cpuMs(pid) - before) / (performance.now() - startedAt)) * 100
}

const measure = async (fault: (text: string) => void): Promise<Figures> => {
  const users = settings.idleSockets
  const belfry = await startBelfry(await seededFolder(users, 0, CHAT_SIZE))
  const target = targetOf(belfry, {})
  const generator = startGenerator()
  const sockets = Array.from({ length: users }, (_, user) => ({
    ...target.socketOf(user),
    greeting: `420${JSON.stringify(['watchPresence', { userIds: watchedBy(user, users) }])}`,
  }))
  const { ready, firstFailure } = await generator.call('connect', {
    ...{ port: target.port, sockets, perS: settings.connectPerS },
  })
  if (ready < users) fault(`${users - ready} could not connect: ${firstFailure}`)
  await sleep(SETTLE_MS)
  const rest = await shareOf(belfry.pid, settings.presenceWindowMs)
  const flapping = generator.call('flap', {
    ...{ perMinute: users * FLAPPING_SHARE, awayMs: AWAY_MS, warmUpMs: WARM_UP_MS },
    windowMs: settings.presenceWindowMs,
  })
  await sleep(WARM_UP_MS)
  const share = await shareOf(belfry.pid, settings.presenceWindowMs)
  const { told, owed, online, offline, firstFailure: failure } = await flapping
  if (failure !== null) fault(`one could not come back: ${failure}`)
  if (told < owed * WATCHED * TOLD_AT_LEAST) fault(`${told} changes were told of ${owed * WATCHED}`)
  await generator.stop()
  await belfry.running.stop()
  await rm(belfry.dataDir, { recursive: true, force: true })
  return {
    ...{ share, restShare: rest, onlineP99: online.p99, offlineP99: offline.p99 - GRACE_MS },
    toldPerS: (told / settings.presenceWindowMs) * 1_000,
  }
}

export const b9: Scenario = {
  name: 'b9',
  title: `Presence of ${settings.idleSockets.toLocaleString('en')} users, a tenth flapping each minute, each watched by ${WATCHED}`,
  measures: [
    { key: 'share', label: "server's share of one core", unit: '%', bars: [{ is: '<=', value: 10 }] },
    { key: 'restShare', label: 'the same with nobody flapping', unit: '%', bars: [] },
    { key: 'onlineP99', label: 'back → told, p99', unit: 'ms', bars: [{ is: '<=', value: 1_000 }] },
    { key: 'offlineP99', label: 'gone and 15 s → told, p99', unit: 'ms', bars: [{ is: '<=', value: 2_000 }] },
    { key: 'toldPerS', label: 'changes told', unit: '/s', bars: [] },
  ],
  run: () => belfryAlone(measure),
}
