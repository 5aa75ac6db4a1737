import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { readConfig } from '../config.ts'
import type { Store } from '../store/store.ts'
import { startTimers } from './timers.ts'

const DAY_MS = 24 * 3600_000
const NOW = Date.parse('2026-11-28T12:00:00Z')

beforeEach(() => void vi.useFakeTimers({ now: NOW }))
afterEach(() => void vi.useRealTimers())

/** Runs the timers for a minute over a store that notes what it is asked; it holds so many portions of old messages. */
async function minuteOf(env: Record<string, string>, portions = 0) {
  const asked: { command: string; input: { before?: number } }[] = []
  let left = portions
  const store: Store = {
    epoch: 'e',
    isShared: false,
    async transact(command, _, input) {
      asked.push({ command, input: input as { before?: number } })
      if (command === 'claimLease') return { fence: 1 }
      return command === 'trimMessages' ? { hasMore: --left > 0 } : {}
    },
    read: async () => undefined,
    isWritable: () => true,
    stats: () => ({ queued: 0, commits: 0, commands: 0, retries: 0 }),
    close: async () => {},
  }
  const context = { config: readConfig(env), store, clock: Date.now, log: pino({ level: 'silent' }) }
  const stop = startTimers({
    context,
    headCheck: { all: async () => {} },
    rights: { check: async () => {} },
    longTopics: new Set(),
    sweepMedia: async () => {},
    sendOutbox: async () => {},
  })
  await vi.advanceTimersByTimeAsync(60_000)
  await stop()
  return asked.filter(({ command }) => command === 'trimMessages').map(({ input }) => input.before)
}

describe('old messages', () => {
  it('are asked for every minute until there are no more', async () => {
    const before = NOW + 60_000 - 30 * DAY_MS
    expect(await minuteOf({ CHAT_RETENTION_DAYS: '30' }, 3)).toEqual([before, before, before])
  })

  it('stay where nothing is set', async () => {
    expect(await minuteOf({})).toEqual([])
  })
})
