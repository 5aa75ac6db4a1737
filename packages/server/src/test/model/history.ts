import type { LogEntry, Store } from '../../store/store.ts'
import { createDraw } from '../random.ts'
import { checkCounts, checkLists, checkReaders } from './checks.ts'
import { drawOperation } from './operations.ts'
import { World } from './world.ts'

const PEOPLE = 3
/** Whole lists cost more than numbers; a wrong list rarely heals within ten steps. */
const LISTS_EVERY = 10
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
  const world = new World(store, committed, `h${histories++}`)
  try {
    await begin(world)
    for (const [index, seed] of seeds.entries()) {
      const draw = createDraw(seed)
      world.now += draw.int(0, 2)
      await drawOperation(draw)(world, draw)
      await checkCounts(world)
      if (index % LISTS_EVERY !== LISTS_EVERY - 1 && index !== seeds.length - 1) continue
      await checkLists(world, draw)
      await checkReaders(world, draw)
    }
  } catch (error) {
    throw explained(error, world)
  } finally {
    // What this history left to expire or to return must not do it in the next.
    world.now += TEN_YEARS_MS
    while (((await world.server('expireItems', {})).reply as { expired: number }).expired > 0);
    while (((await world.server('wakeItems', {})).reply as { hasMore: boolean }).hasMore);
  }
}

async function begin(world: World): Promise<void> {
  for (const room of ['r0', 'r1']) await world.server('addRoom', { id: `${world.name}-${room}` })
  for (let number = 0; number < PEOPLE; number += 1) await world.add()
  const [somebody = ''] = world.people
  for (const topic of [`room:${world.name}-r0`, `role:${world.name}-s0`]) {
    world.oracle.join(somebody, topic)
    await world.server('hear', { user: somebody, topic })
  }
}

function explained(error: unknown, { transcript }: World): unknown {
  const { message, stack } = error instanceof Error ? error : new Error(String(error))
  const told = new Error(`${message}\n\nwhat was done:\n${transcript.join('\n')}`)
  // Where it was noticed; the message above says what it was.
  told.stack = stack?.slice(stack.indexOf('\n    at ')) ?? ''
  return told
}
