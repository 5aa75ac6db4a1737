import { statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { moveData } from '../backends.ts'
import { remark, reported } from './outcome.ts'
import { progressBar } from './progress-bar.ts'

interface MigrateOptions {
  from: string
  to: string
}

/** `belfry migrate`: from the embedded store to PostgreSQL, once. */
export function registerMigrate(program: Command): void {
  program
    .command('migrate')
    .description(
      'Copy everything from the embedded store to PostgreSQL and compare both; the server must be stopped. Run it again after an interruption: it goes on where it was.',
    )
    .requiredOption('--from <sqlite:PATH>', 'the data folder')
    .addOption(
      new Option('--to <postgres://…>', 'the database; its password is better set in the environment')
        .env('DATABASE_URL')
        .makeOptionMandatory(),
    )
    .action(reported(migrate))
}

async function migrate({ from, to }: MigrateOptions): Promise<void> {
  const folder = folderOf(from)
  assertDatabase(to)
  const bar = progressBar(process.stderr)
  const startedAt = performance.now()
  const { rows, tables, users, name } = await moveData({ folder, url: to, report: bar.show }).finally(bar.end)
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  remark(
    `${rows} rows of ${tables} tables are in ${name}, after ${seconds} s. Both sides are the same, row by row;`,
  )
  remark(`so are the numbers of ${users} users. The log is the same one: clients go on where they are.`)
  remark(`So are the sessions, unless JWT_SECRET is set: then set the same on every node.`)
  remark(
    `No server starts on ${folder} any more. Uploaded files stay in its folder media: move them to a bucket`,
  )
  remark('(MEDIA_STORE) that all nodes share.')
}

/** `sqlite:` and a folder, or the database in it. */
function folderOf(from: string): string {
  const path = /^sqlite:(?:\/\/)?(.+)$/.exec(from)?.[1]
  if (path === undefined) throw new Error('--from must be sqlite: and the data folder, such as sqlite:./data')
  const place = resolve(path)
  return statSync(place, { throwIfNoEntry: false })?.isFile() ? dirname(place) : place
}

function assertDatabase(to: string): void {
  const protocol = URL.parse(to)?.protocol
  if (protocol !== 'postgres:' && protocol !== 'postgresql:')
    throw new Error('--to must be the address of a database, such as postgres://user@host/name')
}
