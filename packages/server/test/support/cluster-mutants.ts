import type { Mutant } from '../../src/test/mutation.ts'

interface ClusterMutant extends Mutant {
  faults: readonly string[]
  /** What it may be noticed by beside the checkers. */
  orBy?: RegExp
}

/** Lines without which several nodes lose or double something, and the faults that show it. */
export const CLUSTER_MUTANTS: readonly ClusterMutant[] = [
  {
    name: 'answers before the commit',
    file: 'store/postgres/batch.ts',
    find: '  await commit(client, ahead, jobs.length > 1 && !isCareful)\n',
    replace: '  commit(client, ahead, jobs.length > 1 && !isCareful).catch(() => {})\n',
    faults: ['the database is restarted', 'connections between nodes, database and bus are reset'],
    // Who has just registered is not known yet.
    orBy: /Invalid credentials/,
  },
  {
    name: 'does not compare heads',
    file: 'core/hub.ts',
    find: '      if (position !== undefined && position < head) void this.#mend(topic)\n',
    replace: '',
    faults: ['the bus stops'],
  },
  {
    name: 'does a repeat again',
    file: 'store/idempotency.ts',
    find: '  tx.write(keep, { ...name, hash, reply: JSON.stringify(reply), at: tx.now })\n',
    replace: '',
    // Its sender gives up after 4 s, and asks again; it has done it meanwhile.
    faults: ['a node stands still'],
  },
]
