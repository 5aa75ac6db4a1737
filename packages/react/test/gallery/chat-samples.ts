import type { Chat, Media, Member, Message, Presence } from '@belfry/protocol'
import { NOW } from './samples.ts'

const MINUTE_MS = 60_000

/** Who looks at the pictures. */
export const READER = 'ada'

const NAMES: Readonly<Record<string, string>> = {
  ada: 'Ada Lovelace',
  grace: 'Grace Hopper',
  lin: 'Lin Clark',
  omar: 'Omar Khayyam',
  support: 'Help desk',
}

const at = (minutes: number): string => new Date(NOW - minutes * MINUTE_MS).toISOString()

const picture: Media = {
  id: 'view',
  kind: 'image',
  url: '',
  name: 'view.svg',
  mime: 'image/png',
  size: 48_000,
  width: 480,
  height: 300,
  alt: 'Mountains behind a lake',
}

const file: Media = {
  id: 'report',
  kind: 'file',
  url: '',
  name: 'Quarterly report 2026 (final).pdf',
  mime: 'application/pdf',
  size: 2_481_000,
}

type Said = [minutes: number, senderId: string, content: string, more?: Partial<Message>]

function talk(chatId: string, all: readonly Said[]): Message[] {
  return all.map(([minutes, senderId, content, more], index) => ({
    id: `${chatId}-${index + 1}`,
    clientId: `${senderId}-${index}`,
    chatId,
    seq: index + 1,
    senderId,
    senderName: NAMES[senderId] ?? senderId,
    messageType: 'text',
    content,
    media: [],
    delivered: false,
    isRead: false,
    mentions: [],
    reactions: [],
    createdAt: at(minutes),
    ...more,
  }))
}

const long =
  'I have read all of it twice now. The first part is clear, and the numbers agree with what we have in the books. ' +
  'The second part needs another look:\n\n1. Who pays for the move?\n2. When does the old lease end?\n\nNothing of it is urgent.'

const group = talk('atlas', [
  [1_530, 'grace', 'Good morning! The new cover is here.'],
  [1_529, 'grace', '', { media: [picture], messageType: 'image' }],
  [
    1_528,
    'lin',
    'Oh, that is lovely.',
    {
      reactions: [
        { emoji: '❤️', count: 2, userIds: ['ada', 'omar'] },
        { emoji: '🎉', count: 1, userIds: ['grace'] },
      ],
    },
  ],
  [1_526, 'ada', 'I like the mountains best. Can we print it on Friday?'],
  [
    1_500,
    'omar',
    'Yes, the printer is booked.',
    {
      replyTo: {
        id: 'atlas-4',
        seq: 4,
        senderId: 'ada',
        preview: 'I like the mountains best. Can we print it on Friday?',
      },
    },
  ],
  [1_499, 'omar', 'I bring the paper.', { editedAt: at(1_498) }],
  [190, 'system', 'Lin Clark has joined', { messageType: 'system', senderId: null }],
  [120, 'grace', long],
  [96, 'ada', 'Thank you, I will answer in the document.'],
  [95, 'ada', 'Here it is.', { media: [file], messageType: 'file' }],
  [94, 'ada', 'Tell me if you cannot open it.'],
  [60, 'lin', '', { deletedAt: at(59), deletedBy: 'lin' }],
  [41, 'lin', 'It opens. 👍', { reactions: [{ emoji: '👍', count: 1, userIds: ['ada'] }] }],
  [12, 'omar', `https://example.com/${'path/'.repeat(16)}`],
  [11, 'omar', '@Ada Lovelace could you look at page 4 again?', { mentions: ['ada'] }],
  [9, 'ada', 'On it.'],
])

const direct = talk('grace', [
  [180, 'grace', 'Are you in today?'],
  [178, 'ada', 'Yes, from ten on.'],
  [20, 'grace', 'Then let us have lunch. 🍜'],
  [8, 'ada', 'With pleasure! At noon, as always?'],
  [7, 'ada', 'I could also make it half past.'],
])

const arabic = talk('omar', [
  [90, 'omar', 'مرحبًا! هل وصلت الطلبية 1043؟'],
  [88, 'ada', 'نعم، وصلت صباح اليوم.'],
  [80, 'omar', 'Great, thank you!'],
])

const many = talk(
  'many',
  Array.from(
    { length: 90 },
    (_, n): Said => [
      400 - n * 4,
      n % 3 === 0 ? 'ada' : 'grace',
      `Line ${n + 1}. ${'And some more words about it. '.repeat(n % 5)}`,
    ],
  ),
)

const ALL: Chat['capabilities'] = [
  'updateChat',
  'openChat',
  'listMessages',
  'postMessage',
  'editMessage',
  'deleteMessage',
  'reactToMessage',
  'uploadMedia',
]

function chatOf(id: string, memberIds: string[], messages: readonly Message[], more: Partial<Chat>): Chat {
  const lastMessage = messages.at(-1)
  return {
    id,
    type: memberIds.length > 2 ? 'group' : 'direct',
    memberIds,
    memberCount: memberIds.length,
    state: 'open',
    history: 'sinceJoin',
    pins: [],
    lastSeq: messages.length,
    updatedAt: lastMessage?.createdAt ?? at(4_000),
    displayTitle: memberIds
      .filter((member) => member !== READER)
      .map((member) => NAMES[member] ?? member)
      .join(', '),
    unread: 0,
    unreadMentions: 0,
    prefs: { notify: 'all' },
    capabilities: ALL,
    ...(lastMessage ? { lastMessage } : {}),
    ...more,
  }
}

const team = ['ada', 'grace', 'lin', 'omar']

export interface SampleChat {
  chat: Chat
  messages: readonly Message[]
  members: readonly Member[]
}

const member = (userId: string, seq: number): Member => ({
  userId,
  name: NAMES[userId] ?? userId,
  role: userId === READER ? 'owner' : 'member',
  access: 'readwrite',
  joinedAt: at(9_000),
  lastReadSeq: seq,
  lastDeliveredSeq: seq,
})

/** @param more what differs from a chat in which all is well and read */
function sampleOf(
  id: string,
  memberIds: string[],
  messages: readonly Message[],
  more: Partial<Chat> & { readBy?: Readonly<Record<string, number>> } = {},
): SampleChat {
  const { readBy = {}, ...rest } = more
  const chat = chatOf(id, memberIds, messages, rest)
  const members = memberIds.map((userId) => member(userId, readBy[userId] ?? chat.lastSeq))
  return { chat, messages, members }
}

const DENIED: Partial<Chat> = {
  state: 'closed',
  capabilities: ['openChat', 'listMessages'],
  policyNotice: 'This chat is closed. Orders can be asked about for 90 days.',
}

/** The latest first. */
export const everyChat: readonly SampleChat[] = [
  sampleOf('grace', ['ada', 'grace'], direct, { readBy: { grace: 4 } }),
  sampleOf('atlas', team, group, {
    title: 'Atlas, the book',
    pins: [{ messageId: 'atlas-6', seq: 6 }],
    readBy: { lin: 15, omar: 10 },
  }),
  sampleOf('many', ['ada', 'grace', 'lin'], many, {
    title: 'Long talk',
    unread: 12,
    unreadMentions: 1,
    readBy: { ada: 78 },
  }),
  sampleOf('omar', ['ada', 'omar'], arabic, { prefs: { notify: 'all', mutedUntil: 'forever' }, unread: 128 }),
  sampleOf(
    'order',
    ['ada', 'support'],
    talk('order', [[4_000, 'support', 'Your order has been delivered.']]),
    DENIED,
  ),
  sampleOf('new', ['ada', 'lin'], []),
]

export const presences: readonly Presence[] = [
  { userId: 'ada', status: 'online', isOnline: true, lastActive: at(0), version: 1 },
  { userId: 'grace', status: 'online', isOnline: true, lastActive: at(0), version: 1 },
  { userId: 'lin', status: 'away', isOnline: true, lastActive: at(14), version: 1 },
  { userId: 'omar', status: 'dnd', isOnline: true, lastActive: at(2), text: 'In the archive', version: 1 },
  { userId: 'support', status: 'offline', isOnline: false, lastActive: at(300), version: 1 },
]

export const typists = [{ userId: 'grace', name: 'Grace Hopper' }]
