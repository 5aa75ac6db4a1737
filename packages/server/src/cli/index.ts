import type { Command } from 'commander'
import { registerDataCommands } from './data.ts'
import { registerKeyCommands } from './keys.ts'
import { registerMigrate } from './migrate.ts'
import { registerSend } from './send.ts'

/** The operator's tools: `send`, `keys`, and what works on the data folder itself. */
export function registerCommands(program: Command): void {
  registerSend(program)
  registerKeyCommands(program)
  registerDataCommands(program)
  registerMigrate(program)
}
