import { Command } from 'commander'
import { registerCommands } from './cli/index.ts'
import { serve } from './serve.ts'

/** The command line: `belfry serve` and the operator's tools. */
export async function run(argv: string[]): Promise<void> {
  const program = new Command('belfry').description('Real-time notification inbox in one process.')
  program
    .command('serve', { isDefault: true })
    .description('Run the server; settings come from the environment.')
    .action(serve)
  registerCommands(program)
  await program.parseAsync(argv)
}
