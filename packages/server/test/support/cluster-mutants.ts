import type { Mutant } from '../../src/test/mutation.ts'

/** Lines without which several nodes lose or double something, and the faults that show it. */
export const CLUSTER_MUTANTS: readonly (Mutant & { faults: readonly string[] })[] = [
  {
    name: 'answers before the commit',
    file: 'store/postgres/batch.ts',
    find: '  await commit(client, ahead, jobs.length > 1 && !isCareful)\n',
    replace: '  commit(client, ahead, jobs.length > 1 && !isCareful).catch(() => {})\n',
    faults: ['the database is restarted', 'connections between nodes, database and bus are reset'],
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
    faults: ['a node is killed, and started again', 'connections between nodes, database and bus are reset'],
  },
]
