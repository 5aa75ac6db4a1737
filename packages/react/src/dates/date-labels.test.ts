import { expect, test } from 'vitest'
import { en } from '../kit/strings.ts'
import { type DateStyle, dateLabel } from './date-labels.ts'

interface Case {
  now: string
  timeZone?: string
  locale?: string
}

const label = (style: DateStyle, at: string, { now, timeZone = 'UTC', locale = 'en-GB' }: Case) =>
  dateLabel(at, { style, nowMs: Date.parse(now), timeZone, locale, strings: en })

test.each([
  ['2026-11-24T12:00:10Z', 'just now'],
  ['2026-11-24T11:59:16Z', 'just now'],
  ['2026-11-24T11:59:15Z', '1 min ago'],
  ['2026-11-24T11:55:00Z', '5 min ago'],
  ['2026-11-24T11:00:01Z', '59 min ago'],
  ['2026-11-24T11:00:00Z', '1 hr ago'],
  ['2026-11-23T12:00:01Z', '23 hr ago'],
  ['2026-11-23T12:00:00Z', 'yesterday'],
  ['2026-11-22T23:59:00Z', '2 days ago'],
  ['2026-11-18T00:00:00Z', '6 days ago'],
  ['2026-11-17T23:59:00Z', '17 Nov'],
  ['2025-11-24T12:00:00Z', '24 Nov 2025'],
])('the row of %s says "%s" at noon of 24 November 2026', (at, expected) => {
  expect(label('row', at, { now: '2026-11-24T12:00:00Z' })).toBe(expected)
})

test('the reader’s time zone decides which day it was', () => {
  const at = '2026-11-24T02:00:00Z'
  const now = '2026-11-24T12:00:00Z'
  expect(label('header', at, { now, timeZone: 'Europe/Berlin' })).toBe('Today')
  expect(label('header', at, { now, timeZone: 'America/New_York' })).toBe('Yesterday')
  expect(label('header', at, { now: '2026-11-24T11:00:00Z', timeZone: 'Pacific/Auckland' })).toBe('Yesterday')
})

test('a day of 25 hours is one day and one of 23 hours too', () => {
  const timeZone = 'Europe/Berlin'
  // Clocks went back on 25 October 2026 at 3:00 and forward on 29 March 2026 at 2:00.
  const long = { now: '2026-10-25T22:30:00Z', timeZone }
  expect(label('header', '2026-10-24T22:10:00Z', long)).toBe('Today')
  expect(label('row', '2026-10-24T22:10:00Z', long)).toBe('24 hr ago')
  expect(label('header', '2026-10-24T21:59:00Z', long)).toBe('Yesterday')
  const short = { now: '2026-03-29T22:30:00Z', timeZone }
  expect(label('header', '2026-03-28T23:10:00Z', short)).toBe('Yesterday')
  expect(label('header', '2026-03-28T22:30:00Z', short)).toBe('Earlier')
})

test('the week begins where the locale says', () => {
  // 24 November 2026 is a Tuesday.
  const now = '2026-11-24T12:00:00Z'
  const sunday = '2026-11-22T12:00:00Z'
  const saturday = '2026-11-21T12:00:00Z'
  expect(label('header', sunday, { now, locale: 'en-US' })).toBe('This week')
  expect(label('header', sunday, { now, locale: 'de-DE' })).toBe('Earlier')
  expect(label('header', saturday, { now, locale: 'en-US' })).toBe('Earlier')
  expect(label('header', saturday, { now, locale: 'ar-EG' })).toBe('This week')
})

test('on the first day of a week the day before is yesterday, and nothing is this week', () => {
  const now = '2026-11-23T12:00:00Z'
  expect(label('header', '2026-11-22T12:00:00Z', { now })).toBe('Yesterday')
  expect(label('header', '2026-11-21T12:00:00Z', { now })).toBe('Earlier')
})

test('what lies ahead by a clock’s error is today and just now', () => {
  const now = '2026-11-24T23:59:59Z'
  expect(label('header', '2026-11-25T00:00:10Z', { now })).toBe('Today')
  expect(label('row', '2026-11-25T00:00:10Z', { now })).toBe('just now')
})

test('the full style names day and time in the reader’s zone', () => {
  const full = label('full', '2026-11-24T23:30:00Z', {
    now: '2026-11-24T12:00:00Z',
    timeZone: 'Europe/Berlin',
    locale: 'de',
  })
  expect(full).toContain('Mittwoch, 25. November 2026')
  expect(full).toContain('00:30')
})

test.each(['br', 'fr', 'nb', 'nn', 'no', 'ro', 'sv'])('%s has no shortest form', (locale) => {
  const at = '2026-11-24T11:55:00Z'
  const short = new Intl.RelativeTimeFormat(locale, { style: 'short' }).format(-5, 'minute')
  expect(label('row', at, { now: '2026-11-24T12:00:00Z', locale })).toBe(short)
})

test('without a time it is the plain date, the same on a server and in a browser', () => {
  for (const style of ['row', 'header', 'full'] as const) {
    const options = { style, nowMs: undefined, locale: 'de', timeZone: 'Asia/Tokyo', strings: en }
    expect(dateLabel('2026-11-24T23:30:00Z', options)).toBe('2026-11-24')
  }
})

test('what is no date has no label', () => {
  expect(label('row', 'soon', { now: '2026-11-24T12:00:00Z' })).toBe('')
})
