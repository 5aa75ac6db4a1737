import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { renewSharedEpoch } from '../backends.ts'
import { type Config, loadConfig } from '../config.ts'
import { backUp, renewEpoch, restore } from './data-folder.ts'
import { print, remark, reported } from './outcome.ts'

/** `belfry backup`, `restore` and `epoch new`: work on the data themselves, without a server. */
export function registerDataCommands(program: Command): void {
  program
    .command('backup <file>')
    .description('Copy the database in DATA_DIR to one file; also while the server runs.')
    .action(
      reported((file: string) => {
        const { dataDir } = embedded('pg_dump')
        backUp(dataDir, file)
        remark(`Everything up to now is in ${file}.`)
        const files = join(dataDir, 'media', 'files')
        if (existsSync(files)) remark(`Uploaded files are not in it. Copy ${files} as well.`)
      }),
    )
  program
    .command('restore <file>')
    .description('Put a back-up in the place of what DATA_DIR holds; the server must be stopped.')
    .action(
      reported((file: string) => {
        restore(embedded('pg_restore, then belfry epoch new').dataDir, file)
        remark(`DATA_DIR holds what is in ${file}. Clients will take a fresh snapshot.`)
      }),
    )
  const epoch = program.command('epoch').description('The identity of the log.')
  epoch
    .command('new')
    .description(
      'Give the log a new identity, so that no client trusts its old cursor; the server must be stopped.',
    )
    .action(
      reported(async () => {
        const { databaseUrl, dataDir } = loadConfig()
        if (databaseUrl === undefined) return print(renewEpoch(dataDir))
        print(await renewSharedEpoch(databaseUrl))
        remark('A node that still runs goes on with the old one: restart it.')
      }),
    )
}

/** What `DATA_DIR` holds beside a database is old, or nothing: to copy it would pass for a back-up. */
function embedded(instead: string): Config {
  const config = loadConfig()
  if (config.databaseUrl === undefined) return config
  throw new Error(
    `DATABASE_URL is set, so the data are in PostgreSQL: use ${instead}. Unset it to mean DATA_DIR.`,
  )
}
