import { core } from './0001-core.ts'
import { chat } from './0002-chat.ts'
import { lease } from './0003-lease.ts'
import { snooze } from './0004-snooze.ts'
import { outbox } from './0005-outbox.ts'
import { rights } from './0006-rights.ts'

export interface Migration {
  readonly name: string
  /** True when a process that does not know this migration must refuse to run on the new schema. */
  readonly breaking: boolean
  /**
   * What the databases say differently: `clustered` is appended to tables that live inside their primary key, where the
   * database can do that; `numbered` is the type of a key that the database itself counts up.
   */
  statements(clustered: string, numbered: string): string[]
}

/** Forward only, in order; never edited after a release. Each store runs them at start, under its lock. */
export const migrations: readonly Migration[] = [core, chat, lease, snooze, outbox, rights]
