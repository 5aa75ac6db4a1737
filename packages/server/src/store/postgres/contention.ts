import type { Actor } from '../../core/actor.ts'
import { topics } from '../../core/topics.ts'

/** A command that writes to more topics than this waits for none of them beforehand. */
const MAX_KEYS = 8

interface Audience {
  user?: string
  users?: string[]
  role?: string
  room?: string
  all?: boolean
}

interface Telling {
  chatId?: string
  topic?: string
  audience?: Audience
  notifications?: Telling[]
}

/**
 * The topics that a command is likely to write to, the most wanted first. Only a guess that saves waiting: whatever it
 * misses, the database notices.
 */
export function contended(command: string, actor: Actor, input: unknown): string[] {
  const told = isObject(input) ? written(input) : []
  const own = actor.kind === 'user' ? [topics.user(actor.id)] : []
  const keys = [...new Set([...told, ...own])]
  return keys.length > MAX_KEYS ? [] : keys.length > 0 ? keys : [command]
}

function written({ chatId, topic, audience, notifications = [] }: Telling): string[] {
  return [
    ...(chatId === undefined ? [] : [topics.room(chatId)]),
    ...(topic === undefined ? [] : [topic]),
    ...(audience === undefined ? [] : heard(audience)),
    ...notifications.flatMap(written),
  ]
}

function heard({ user, users = [], role, room, all }: Audience): string[] {
  return [
    ...(all ? [topics.all] : []),
    ...(role === undefined ? [] : [topics.role(role)]),
    ...(room === undefined ? [] : [topics.room(room)]),
    ...[...(user === undefined ? [] : [user]), ...users].map((id) => topics.user(id)),
  ]
}

const isObject = (input: unknown): input is Telling => typeof input === 'object' && input !== null

/** Spreads keys over a small number of places, always in the same way. */
export function placeOf(key: string, places: number): number {
  let hash = 0
  for (let at = 0; at < key.length; at++) hash = (Math.imul(hash, 31) + key.charCodeAt(at)) >>> 0
  return hash % places
}
