import { deepStrictEqual } from 'node:assert/strict'
import { vi } from 'vitest'
import type { LogEntry, Store } from '../../store/store.ts'
import { createDraw, type Draw } from '../random.ts'
import { checkChat, checkCounts, checkLists, checkMending, checkPages } from './checks.ts'
import { checkCapabilities, checkDevices, checkQuiet } from './device-checks.ts'
import { ACTORS, actors } from './drawing.ts'
import { drawOperation } from './operations.ts'
import { post } from './posts.ts'
import { World } from './world.ts'

const DEVICES = 2
/** With the actors more than are told of receipts at once. */
const CROWD = 7
/** Something to read, edit and answer from the start. */
const POSTS = 12
/** Whole lists cost more than numbers and windows; a wrong one rarely heals within so many steps. */
const LISTS_EVERY = 12
const TEN_YEARS_MS = 10 * 365 * 24 * 3600_000

let histories = 0

/**
 * One random history: each seed is one operation, whose choices depend on the seed and on what there is at that
 * moment, so that a shorter history is a history too.
 */
export async function runHistory(
  store: Store,
  committed: LogEntry[],
  seeds: readonly number[],
): Promise<void> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const world = new World(store, committed, `c${histories++}`)
  try {
    await begin(world)
    for (const [index, seed] of seeds.entries()) {
      const isWhole = index % LISTS_EVERY === LISTS_EVERY - 1 || index === seeds.length - 1
      await step(world, createDraw(seed), isWhole)
    }
    await checkQuiet(world)
  } catch (error) {
    throw explained(error, world)
  } finally {
    world.newsroom.close()
    vi.useRealTimers()
    // What this history left to be told must not be told in the next.
    world.now += TEN_YEARS_MS
    await world.server('tellReceipts', {})
  }
}

async function step(world: World, draw: Draw, isWhole: boolean): Promise<void> {
  world.now += draw.int(0, 2)
  await drawOperation(draw)(world, draw)
  await world.tell()
  await checkCounts(world)
  checkDevices(world)
  const chat = world.oracle.chat(world.touched ?? draw.pick(world.chats))
  await checkChat(world, chat)
  if (!isWhole) return
  await checkLists(world, draw)
  await checkMending(world, chat, draw)
  await checkCapabilities(world, draw)
  for (const one of world.oracle.chats.values()) {
    await checkChat(world, one)
    await checkPages(world, one, draw)
  }
}

/** A pair, a group, and a group with its history that is too large for receipts at once; two devices for everyone who acts. */
async function begin(world: World): Promise<void> {
  for (let number = 0; number < ACTORS + CROWD; number += 1) {
    const id = `${world.name}-p${number}`
    await world.server('addPerson', { id })
    world.oracle.people.push(id)
  }
  const [first = '', ...others] = world.oracle.people
  const few = actors(world).slice(1)
  for (const memberIds of [few.slice(0, 1), few, others]) {
    const history = memberIds === others ? 'all' : 'sinceJoin'
    const outcome = await world.command('createChat', first, { memberIds, title: 'begun', history })
    const { id, type } = outcome.reply.chat
    const making = { title: 'begun', context: undefined, history, now: world.now } as const
    world.oracle.make({ id, type, creator: first, others: memberIds, ...making })
    deepStrictEqual(outcome.reply.created, true, 'each history has chats of its own')
  }
  await world.tell()
  for (const user of actors(world))
    for (let number = 0; number < DEVICES; number += 1) await world.connect(user)
  for (let number = 0; number < POSTS; number += 1) {
    await post(world, createDraw(number))
    await world.tell()
  }
}

function explained(error: unknown, { transcript }: World): unknown {
  const { message, stack } = error instanceof Error ? error : new Error(String(error))
  const told = new Error(`${message}\n\nwhat was done:\n${transcript.join('\n')}`)
  // Where it was noticed; the message above says what it was.
  told.stack = stack?.slice(stack.indexOf('\n    at ')) ?? ''
  return told
}
