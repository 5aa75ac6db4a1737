import type { OpenSocket } from '@belfry/client/parts'
import type { Message, SyncSnapshot } from '@belfry/protocol'
import { everyChat, presences, READER, typists } from './chat-samples.ts'
import { NOW } from './samples.ts'

const ROOM_OFFSET = 100
/** Longer than anybody looks at a picture. */
const LONG_MS = 600_000

const HELLO: SyncSnapshot = {
  complete: false,
  cursor: {
    epoch: 'gallery',
    offsets: {
      [`user:${READER}`]: 0,
      ...Object.fromEntries(everyChat.map(({ chat }) => [`room:${chat.id}`, ROOM_OFFSET])),
    },
  },
  items: [],
  nextCursor: null,
  counts: { at: {}, total: 0, unread: 0, unseen: 0, snoozed: 0, byCategory: {} },
  now: new Date(NOW).toISOString(),
}

type Input = Record<string, unknown>
type Answer = { ok: true; data: unknown } | { ok: false; error: { code: string; message: string } }

const ok = (data: unknown): Answer => ({ ok: true, data })
const total = { unread: 12, chats: 1, mentions: 1 }

const commands: Readonly<Record<string, (input: Input, scene: string) => Answer | undefined>> = {
  listBlocks: () => ok({ userIds: [] }),
  listChats: (_, scene) =>
    scene === 'chat-none'
      ? ok({
          chats: [],
          nextCursor: null,
          counts: { chats: {}, total: { unread: 0, chats: 0, mentions: 0 } },
        })
      : ok({ chats: everyChat.map(({ chat }) => chat), nextCursor: null, counts: { chats: {}, total } }),
  openChat({ chatId, limit = 30 }) {
    const found = everyChat.find(({ chat }) => chat.id === chatId)
    if (!found) return { ok: false, error: { code: 'not_found', message: 'There is no such chat.' } }
    return ok({ ...found, messages: found.messages.slice(-Number(limit)), offset: ROOM_OFFSET })
  },
  listMessages({ chatId, before, after, around, limit = 30 }) {
    const messages = everyChat.find(({ chat }) => chat.id === chatId)?.messages ?? []
    return ok(pageOf(messages, { before, after, around, limit: Number(limit) }))
  },
  getPresence: () => ok({ presence: presences }),
  watchPresence: () => ok({ presence: presences }),
  mediaLink: () => ok({ url: '/pictures/view.svg', expiresAt: new Date(NOW + LONG_MS).toISOString() }),
  postMessage: (_, scene) =>
    scene === 'chat-failed'
      ? { ok: false, error: { code: 'too_long', message: 'This message is too long.' } }
      : undefined,
}

function pageOf(messages: readonly Message[], place: Input & { limit: number }) {
  const { before, after, around, limit } = place
  const at = messages.findIndex(({ seq }) => seq >= Number(before ?? after ?? around))
  const from =
    before !== undefined ? at - limit : after !== undefined ? at + 1 : Math.max(0, at - Math.floor(limit / 2))
  const to = before !== undefined ? at : from + limit
  const page = messages.slice(Math.max(0, from), to)
  return { messages: page, hasOlder: from > 0, hasNewer: to < messages.length }
}

/** A line to a server that has the sample chats, and does nothing with what is said to it. */
export function openSampleLine(scene: string): OpenSocket {
  return (_, handlers) => {
    const later = (run: () => void) => void setTimeout(run, 0)
    later(() => {
      handlers.onTransport('websocket')
      handlers.onFrame('sync', HELLO)
    })
    return {
      emit(event, payload, onAck) {
        // What is sent is on its way for good, and so is everything where nothing comes.
        if (scene === 'chat-loading' && event !== 'sync') return
        const answer = commands[event] ? commands[event](payload as Input, scene) : ok({})
        if (answer) later(() => onAck(answer))
        if (event !== 'openChat' || scene !== 'chat') return
        const { chatId } = payload as { chatId: string }
        later(() => handlers.onFrame('typing', { chatId, users: typists, expiresInMs: LONG_MS }))
      },
      close: () => undefined,
    }
  }
}
