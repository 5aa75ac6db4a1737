import type { Mutant } from './mutation.ts'

/** Deliberate breakages of the count: each must be noticed by the model test. Each `find` stands once in its file. */
export const mutants: readonly Mutant[] = [
  {
    name: 'the pointer counts as unread',
    file: 'inbox/count.ts',
    find: 'const wasUnread = rank > interval.read',
    replace: 'const wasUnread = rank >= interval.read',
  },
  {
    name: 'what is revoked is not subtracted',
    file: 'inbox/count.ts',
    find: 'if (rank <= floor || rank > interval.to) return',
    replace: 'return',
  },
  {
    name: 'exceptions below the pointer are ignored',
    file: 'inbox/count.ts',
    find: 'if (rank <= floorOf(interval) || rank > interval.to) return',
    replace: 'if (rank <= Math.max(interval.read, floorOf(interval)) || rank > interval.to) return',
  },
  {
    name: 'the end of a closed interval is ignored',
    file: 'inbox/counts.ts',
    find: 'to: row.to_rank ?? row.items,',
    replace: 'to: row.items,',
  },
  {
    name: 'what was cleared still counts',
    file: 'inbox/count.ts',
    find: 'const floorOf = (interval: CountInterval) => Math.max(interval.from, interval.cleared)',
    replace: 'const floorOf = (interval: CountInterval) => interval.from',
  },
  {
    name: 'what is deleted still counts',
    file: 'inbox/count.ts',
    find: 'const isHidden = row.isArchived || row.isSnoozed || row.isDeleted',
    replace: 'const isHidden = row.isArchived || row.isSnoozed',
  },
  {
    name: 'a revoked item with an exception is subtracted twice',
    file: 'inbox/counts.ts',
    find: `    .where('e.rank', '>', p.rank)
    .where('r.rank', 'is', null),`,
    replace: `    .where('e.rank', '>', p.rank),`,
  },
  {
    name: 'categories start where the pointer is',
    file: 'inbox/count.ts',
    find: 'numberOf(atRead, category)',
    replace: 'numberOf(atFloor, category)',
  },
  {
    name: 'what is snoozed still counts',
    file: 'inbox/count.ts',
    find: 'row.isArchived || row.isSnoozed || row.isDeleted',
    replace: 'row.isArchived || row.isDeleted',
  },
  {
    name: 'what was snoozed and withdrawn still counts as snoozed',
    file: 'inbox/counts.ts',
    find: `    .where('e.deleted_at', 'is', null)
    .where('r.rank', 'is', null),`,
    replace: `    .where('e.deleted_at', 'is', null),`,
  },
  {
    name: 'what returns is there twice',
    file: 'inbox/wake.ts',
    find: '.set({ snoozed_until: null, deleted_at: 0 })',
    replace: '.set({ snoozed_until: null })',
  },
  {
    name: 'what is cleared takes along what is snoozed',
    file: 'inbox/pointers.ts',
    find: `.where((row) => row.or([row('snoozed_until', 'is', null), row('deleted_at', 'is not', null)])),`,
    replace: ',',
  },
]
