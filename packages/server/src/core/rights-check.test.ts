import { describe, expect, it } from 'vitest'
import type { LogEntry } from '../store/store.ts'
import { RightsCheck } from './rights-check.ts'

function open() {
  const log: LogEntry[] = []
  const told: string[] = []
  const time = { now: 1_000_000 }
  const check: RightsCheck = new RightsCheck({
    async read(after) {
      const later = log.filter(({ at }) => Date.parse(at) > (after ?? 0))
      const upTo = Math.max(after ?? 0, ...later.map(({ at }) => Date.parse(at)))
      return { entries: after === undefined ? [] : later, upTo, hasMore: false }
    },
    onMissed: ({ topic, offset, kind }) => void told.push(`${topic} ${offset} ${kind}`),
  })
  let offset = 0
  return {
    ...{ check, told, time },
    /** Of an entry the check looks at topic, offset and kind. */
    write(topic: string, kind = 'session.revoked') {
      const entry = {
        topic,
        kind,
        offset: ++offset,
        data: {},
        at: new Date(time.now).toISOString(),
      } as unknown as LogEntry
      log.push(entry)
      return entry
    },
    async pass(ms: number) {
      time.now += ms
      await check.check()
    },
  }
}

describe('what was taken from somebody', () => {
  it('is told once, if nobody has told it', async () => {
    const { check, told, write, pass } = open()
    write('user:before')
    await check.begin()
    write('user:ann')
    check.note(write('user:bob'))
    for (let time = 0; time < 50; time++) await pass(2000)
    expect(told).toEqual(['user:ann 2 session.revoked'])
  })

  it('is told after a time in which the store was away, however long', async () => {
    const { check, told, write, pass } = open()
    await check.begin()
    write('user:ann')
    await pass(3_600_000)
    await pass(2000)
    expect(told).toEqual(['user:ann 1 session.revoked'])
  })

  it('is not undone by something older that is told later', async () => {
    const { check, told, write, pass } = open()
    await check.begin()
    write('user:ann', 'account.changed')
    check.note(write('user:ann', 'account.changed'))
    check.note(write('user:bob', 'account.changed'))
    await pass(2000)
    await pass(2000)
    expect(told).toEqual(['user:ann 1 account.changed', 'user:ann 2 account.changed'])
  })
})
