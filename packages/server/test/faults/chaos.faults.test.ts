/** reliability.md §6.4, §6.5: faults that overlap, under load, on three nodes over PostgreSQL with Redis and with NATS. */
import { it } from 'vitest'
import { chaos } from '../support/chaos.ts'

const ROUNDS = Number(process.env.CHAOS_ROUNDS ?? 10)

it.each(['redis', 'nats'] as const)(
  'three nodes with %s lose and double nothing, whatever breaks',
  (bus) => chaos({ bus, rounds: ROUNDS }),
  60_000 + ROUNDS * 60_000,
)
