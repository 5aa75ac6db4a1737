import { renderToString } from 'react-dom/server'
import { expect, test } from 'vitest'
import { NotificationProvider } from '../kit/NotificationProvider.tsx'
import { RelativeTime } from './RelativeTime.tsx'

const rendered = (timeZone: string, now: number, date: string) =>
  renderToString(
    <NotificationProvider timeZone={timeZone} now={() => now} announcer={false}>
      <RelativeTime date={date} className="when" />
    </NotificationProvider>,
  )

test('on a server a date does not depend on time, time zone or words', () => {
  const berlin = rendered('Europe/Berlin', 0, '2026-11-24T23:30:00Z')
  expect(berlin).toBe(
    '<time class="when" dateTime="2026-11-24T23:30:00.000Z" title="2026-11-24">2026-11-24</time>',
  )
  expect(rendered('Asia/Tokyo', Date.now(), '2026-11-24T23:30:00Z')).toBe(berlin)
})

test('what is no date shows nothing', () => {
  expect(rendered('UTC', 0, 'soon')).toBe('')
})
