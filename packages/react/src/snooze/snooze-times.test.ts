import { describe, expect, it } from 'vitest'
import { fromField, snoozeTimes, toField } from './snooze-times.ts'

const times = (now: string, timeZone: string) =>
  Object.fromEntries(
    snoozeTimes(Date.parse(now), timeZone).map(([name, ms]) => [name, new Date(ms).toISOString()]),
  )

describe('times to return', () => {
  it('are those of the reader’s clock', () => {
    // A Saturday evening in Berlin is a Saturday morning in Los Angeles.
    expect(times('2026-11-28T19:30:00Z', 'Europe/Berlin')).toEqual({
      hour: '2026-11-28T20:30:00.000Z',
      tomorrow: '2026-11-29T08:00:00.000Z',
      monday: '2026-11-30T08:00:00.000Z',
    })
    expect(times('2026-11-28T19:30:00Z', 'America/Los_Angeles')).toMatchObject({
      tomorrow: '2026-11-29T17:00:00.000Z',
      monday: '2026-11-30T17:00:00.000Z',
    })
    expect(times('2026-11-28T19:30:00Z', 'Asia/Kolkata')).toEqual({
      hour: '2026-11-28T20:30:00.000Z',
      tomorrow: '2026-11-30T03:30:00.000Z',
    })
  })

  it('of a Monday name the next one', () => {
    expect(times('2026-11-30T00:10:00Z', 'UTC')).toMatchObject({
      tomorrow: '2026-12-01T09:00:00.000Z',
      monday: '2026-12-07T09:00:00.000Z',
    })
  })

  it('are at nine on the day after clocks change, too', () => {
    expect(times('2026-03-28T12:00:00Z', 'Europe/Berlin').tomorrow).toBe('2026-03-29T07:00:00.000Z')
    expect(times('2026-10-24T12:00:00Z', 'Europe/Berlin').tomorrow).toBe('2026-10-25T08:00:00.000Z')
  })

  it('go into a field and come out of it as they were', () => {
    for (const timeZone of ['UTC', 'Europe/Berlin', 'America/St_Johns', 'Pacific/Apia', undefined]) {
      const at = Date.parse('2026-07-01T10:15:00Z')
      expect(fromField(toField(at, timeZone), timeZone)).toBe(at)
    }
    expect(toField(Date.parse('2026-07-01T10:15:00Z'), 'Asia/Tokyo')).toBe('2026-07-01T19:15')
  })

  it('that clocks skip are the hour after, and no time is none', () => {
    expect(new Date(fromField('2026-03-29T02:30', 'Europe/Berlin')).toISOString()).toBe(
      '2026-03-29T01:30:00.000Z',
    )
    expect(fromField('', 'Europe/Berlin')).toBeNaN()
  })
})
