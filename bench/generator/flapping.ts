import { setTimeout as sleep } from 'node:timers/promises'
import { userId } from '../target.ts'
import type { FlapInput, FlapReport } from './commands.ts'
import type { Fleet } from './fleet.ts'
import { Samples } from './samples.ts'

const PRESENCE = '42["presence",'
/** Prime, so that neighbours, who know each other, do not go together. */
const STRIDE = 7919

interface Told {
  changes: { userId: string; isOnline: boolean }[]
}

/** What the crowd is told of those who come and go, against when they did. */
class Watch {
  readonly online = new Samples()
  readonly offline = new Samples()
  readonly wentAt = new Map<string, number>()
  readonly backAt = new Map<string, number>()
  isMeasuring = false
  told = 0

  hear(text: string): void {
    if (!this.isMeasuring || !text.startsWith(PRESENCE)) return
    const now = performance.now()
    // The server under test says what it says; a frame of another shape ends the run.
    const { changes } = JSON.parse(text.slice(PRESENCE.length, -1)) as Told
    for (const { userId: user, isOnline } of changes) {
      const since = (isOnline ? this.backAt : this.wentAt).get(user)
      if (since === undefined) continue
      this.told++
      this[isOnline ? 'online' : 'offline'].add(now - since)
    }
  }
}

/** Lets one client after the other hang up, and come back after a while. */
export const flap = async (fleet: Fleet, input: FlapInput): Promise<FlapReport> => {
  const { perMinute, awayMs, warmUpMs, windowMs } = input
  const watch = new Watch()
  fleet.onEvent = (text) => watch.hear(text)
  const everyMs = 60_000 / perMinute
  const startedAt = performance.now()
  const returns: Promise<void>[] = []
  let firstFailure: string | null = null
  const comeBack = async (index: number): Promise<void> => {
    await sleep(awayMs)
    const report = await fleet.reconnect([index], null)
    watch.backAt.set(userId(index), performance.now())
    firstFailure ??= report.firstFailure
  }
  for (let count = 0; performance.now() - startedAt < warmUpMs + windowMs; count++) {
    watch.isMeasuring = performance.now() - startedAt > warmUpMs
    const index = (count * STRIDE) % fleet.size
    fleet.at(index).destroy()
    watch.backAt.delete(userId(index))
    watch.wentAt.set(userId(index), performance.now())
    returns.push(comeBack(index))
    await sleep(Math.max(0, startedAt + (count + 1) * everyMs - performance.now()))
  }
  watch.isMeasuring = false
  fleet.onEvent = undefined
  await Promise.all(returns)
  const { told, online, offline } = watch
  const owed = (2 * windowMs) / everyMs
  return { told, owed, online: online.percentiles(), offline: offline.percentiles(), firstFailure }
}
