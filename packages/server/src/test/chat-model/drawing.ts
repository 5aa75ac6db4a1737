import { deepStrictEqual } from 'node:assert/strict'
import type { ErrorCode } from '@belfry/protocol'
import type { Draw } from '../random.ts'
import type { OracleChat, Said } from './oracle-chat.ts'
import { isLeading, refusedPlace } from './verdicts.ts'
import type { Outcome, World } from './world.ts'

export type Operation = (world: World, draw: Draw) => Promise<void>

/** Those who act; the rest only fill a large group. */
export const ACTORS = 4
export const actors = (world: World): string[] => world.oracle.people.slice(0, ACTORS)

/** Few, so that they meet in searches. */
export const words = ['apple', 'Birne', 'çilek', '100%', 'under_score', 'plum']
export const emojis = ['👍', '❤️', 'ok']

/** A chat and somebody who wants something there: mostly one who is in it. */
export function drawSeat(world: World, draw: Draw): { chat: OracleChat; user: string } {
  const chat = world.oracle.chat(draw.pick(world.chats))
  const inside = actors(world).filter((user) => chat.isActive(user))
  const isInside = inside.length > 0 && draw.chance(0.9)
  return { chat, user: draw.pick(isInside ? inside : actors(world)) }
}

/** Mostly a group and somebody who may change who is in it. */
export function drawLeader(world: World, draw: Draw): { chat: OracleChat; user: string } {
  const led = world.chats.flatMap((id) => {
    const chat = world.oracle.chat(id)
    const leaders = chat.active.filter(({ role, user }) => isLeading(role) && actors(world).includes(user))
    return leaders.map(({ user }) => ({ chat, user }))
  })
  return led.length > 0 && draw.chance(0.75) ? draw.pick(led) : drawSeat(world, draw)
}

/** A message of the chat, mostly one that the user may read; or none, which goes by an unknown id. */
export function drawMessage(
  draw: Draw,
  chat: OracleChat,
  user: string,
): { messageId: string; message: Said | undefined } {
  const readable = chat.readable(user)
  const [message] = draw.some(draw.chance(0.9) && readable.length > 0 ? readable.slice(-8) : chat.said, 1, 1)
  return { messageId: message?.id ?? 'unknown', message }
}

/** The message when the user may change something about it. */
export function refusedMessage(
  { chat, user }: { chat: OracleChat; user: string },
  message: Said | undefined,
): ErrorCode | undefined {
  const place = refusedPlace({ chat, user })
  if (place !== undefined) return place
  return message?.copies.get(user)?.canRead ? undefined : 'not_found'
}

/** Exactly what a command wrote to the log, in order. */
export function wrote(outcome: Outcome, expected: string[], what: string): void {
  deepStrictEqual(
    outcome.entries.map(({ topic, kind }) => `${topic} ${kind}`),
    expected,
    `entries of ${what}`,
  )
}

/** The entry that tells the members how far these have come, when there is anything to tell. */
export const moved = (chat: OracleChat, users: readonly string[]): string[] =>
  users.length === 0 ? [] : [`room:${chat.id} receipts.moved`]

/** Whom that entry names, and with which watermarks. */
export function toldOf({ entries }: Outcome, chat: OracleChat, users: readonly string[]): void {
  const told = entries.flatMap((entry) => (entry.kind === 'receipts.moved' ? entry.data.members : []))
  deepStrictEqual(
    told.map(({ userId, lastReadSeq, lastDeliveredSeq }) => [userId, lastReadSeq, lastDeliveredSeq]).sort(),
    users
      .map((user) => {
        const { read, delivered } = chat.watermark(user)
        return [user, read, delivered]
      })
      .sort(),
    'I14: receipts of those that moved',
  )
}
