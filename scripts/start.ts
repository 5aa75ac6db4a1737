/** `npm start`: builds what is stale, then becomes the server: one process, which gets signals and exits itself. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { planBuild, SERVER } from './build-plan.ts'
import { ROOT } from './workspace.ts'

/** `128 + signal`, as a shell says it. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const

if (planBuild(ROOT, { types: false }).some((target) => target.isStale)) await build()

const main = join(ROOT, SERVER, 'dist/main.js')
process.argv = [process.execPath, main, 'serve', ...process.argv.slice(2)]
await import(pathToFileURL(main).href)

/** In a process of its own: what a bundler leaves in memory is no part of the server. */
async function build(): Promise<void> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'build.ts'), '--no-types'], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const stop = (signal: keyof typeof EXIT_CODES) => {
    child.kill(signal)
    process.exit(EXIT_CODES[signal])
  }
  process.on('SIGTERM', stop).on('SIGINT', stop)
  const [code] = (await once(child, 'exit')) as [number | null]
  process.off('SIGTERM', stop).off('SIGINT', stop)
  if (code !== 0) process.exit(code ?? 1)
}
