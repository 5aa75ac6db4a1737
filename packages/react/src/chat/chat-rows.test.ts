import type { LocalMessage } from '@belfry/client/chat'
import { describe, expect, it } from 'vitest'
import { chatRowsOf } from './chat-rows.ts'

const message = (seq: number, senderId: string, createdAt: string): LocalMessage => ({
  ...{
    key: `k${seq}`,
    id: `m${seq}`,
    seq,
    senderId,
    createdAt,
    senderName: senderId,
    clientId: `c${seq}`,
    chatId: 'chat',
  },
  ...{
    messageType: 'text',
    content: `${seq}`,
    media: [],
    mentions: [],
    reactions: [],
    delivered: true,
    isRead: false,
  },
  ...{
    isOwn: senderId === 'me',
    status: undefined,
    isUnconfirmed: false,
    isOld: false,
    failure: undefined,
    policyNotice: undefined,
  },
})
const rows = (messages: LocalMessage[], firstUnreadSeq?: number) =>
  chatRowsOf(messages, { firstUnreadSeq, dayOf: (at) => at.slice(0, 10) }).map((row) =>
    row.kind === 'message'
      ? `${row.key}${row.isFirst ? ' first' : ''}${row.isLast ? ' last' : ''}`
      : row.kind === 'day'
        ? row.label
        : row.kind,
  )

describe('rows of a chat', () => {
  it('have a heading per day, and put together what one says within five minutes', () => {
    expect(
      rows([
        message(1, 'ann', '2026-01-01T10:00:00.000Z'),
        message(2, 'ann', '2026-01-01T10:04:00.000Z'),
        message(3, 'ann', '2026-01-01T10:10:00.000Z'),
        message(4, 'me', '2026-01-01T10:10:10.000Z'),
        message(5, 'me', '2026-01-02T10:10:10.000Z'),
      ]),
    ).toEqual([
      '2026-01-01',
      'k1 first',
      'k2 last',
      'k3 first last',
      'k4 first last',
      '2026-01-02',
      'k5 first last',
    ])
  })

  it('have a line above the first that is unread, which parts what would be together', () => {
    const both = [
      message(1, 'ann', '2026-01-01T10:00:00.000Z'),
      message(2, 'ann', '2026-01-01T10:01:00.000Z'),
    ]
    expect(rows(both, 2)).toEqual(['2026-01-01', 'k1 first last', 'unread', 'k2 first last'])
    expect(rows(both)).toEqual(['2026-01-01', 'k1 first', 'k2 last'])
  })
})
