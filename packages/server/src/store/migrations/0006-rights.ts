import { RIGHTS_KINDS } from '../sql/rights-kinds.ts'
import type { Migration } from './migrations.ts'

const kinds = RIGHTS_KINDS.map((kind) => `'${kind}'`).join(', ')

/** For nodes that look up what was taken from somebody of late. */
export const rights: Migration = {
  name: '0006-rights',
  breaking: false,
  statements: () => [`create index entry_of_rights on entry (at) where kind in (${kinds})`],
}
