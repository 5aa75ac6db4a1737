import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { loadConfig } from '../config.ts'
import { backUp, renewEpoch, restore } from './data-folder.ts'
import { print, remark, reported } from './outcome.ts'

/** `belfry backup`, `restore` and `epoch new`: work on `DATA_DIR` itself, without a server. */
export function registerDataCommands(program: Command): void {
  program
    .command('backup <file>')
    .description('Copy the database in DATA_DIR to one file; also while the server runs.')
    .action(
      reported((file: string) => {
        const { dataDir } = loadConfig()
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
        restore(loadConfig().dataDir, file)
        remark(`DATA_DIR holds what is in ${file}. Clients will take a fresh snapshot.`)
      }),
    )
  const epoch = program.command('epoch').description('The identity of the log.')
  epoch
    .command('new')
    .description(
      'Give the log a new identity, so that no client trusts its old cursor; the server must be stopped.',
    )
    .action(reported(() => print(renewEpoch(loadConfig().dataDir))))
}
