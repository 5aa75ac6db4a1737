import { deepStrictEqual } from 'node:assert/strict'
import type { Draw } from '../random.ts'
import type { Outcome, World } from './world.ts'

export const person = (world: World, draw: Draw) => draw.pick(world.people)
export const key = (world: World, draw: Draw) =>
  draw.chance(0.1) ? { idempotencyKey: `${world.name}-${world.transcript.length}` } : {}

/** Mostly the person's own items, whatever their state; sometimes those of others, or of nobody. */
export function drawIds(world: World, draw: Draw, user: string): string[] {
  const { rows, woken } = world.oracle.person(user)
  const own = [...rows.map((row) => row.sent.id), ...(draw.chance(0.3) ? woken.keys() : [])]
  const foreign = draw.chance(0.1) ? [...world.oracle.sent.keys(), 'unknown'] : []
  const ids = draw.some([...own, ...foreign], 1, draw.chance(0.6) ? 1 : 5)
  return ids.length === 0 ? ['unknown'] : ids
}

export function judge(outcome: Outcome, verdict: 'ok' | 'not_found'): void {
  deepStrictEqual(outcome.code, verdict === 'ok' ? undefined : verdict, 'verdict')
  if (verdict === 'not_found') deepStrictEqual(outcome.entries, [], 'a refused command writes nothing')
}
