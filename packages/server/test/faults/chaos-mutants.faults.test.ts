/** reliability.md §6.7: what keeps several nodes from losing and doubling, taken out line by line; chaos has to notice. */
import { expect, it } from 'vitest'
import { chaos } from '../support/chaos.ts'
import { CLUSTER_MUTANTS } from '../support/cluster-mutants.ts'

/** Each fault strikes about as often; one of them shows it sooner or later. */
const ROUNDS = 8

it.each(CLUSTER_MUTANTS)(
  'notices a server that $name',
  async ({ name, faults, orBy }) => {
    const noticed = await chaos({ bus: 'redis', rounds: ROUNDS, faults, mutant: name }).catch(String)
    expect(noticed).toMatch(orBy ? new RegExp(`to deeply equal|${orBy.source}`) : /to deeply equal/)
  },
  ROUNDS * 60_000,
)
