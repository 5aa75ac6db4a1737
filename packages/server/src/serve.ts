import closeWithGrace from 'close-with-grace'
import { openBelfry } from './backends.ts'
import { ConfigError, loadConfig } from './config.ts'

/** Within the 10 s that a supervisor waits. Source: contract.md §1. */
const CLOSE_WITHIN_MS = 9000

/** For the log's last line; then a supervisor starts anew. */
const LAST_WORDS_MS = 200

/** Runs the process until it is told to stop. Whatever prevents a start is one sentence and exit code 1. */
export async function serve(): Promise<void> {
  // A closed pipe behind the log must not end the process that serves.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  try {
    const config = loadConfig()
    const { server, log } = await openBelfry(config, {
      onFatal: () => setTimeout(() => process.exit(1), LAST_WORDS_MS),
    })
    closeWithGrace({ delay: CLOSE_WITHIN_MS, logger: false }, async ({ err, signal }) => {
      if (err) log.fatal({ err }, 'ending after an unexpected error')
      else log.info({ signal }, 'closing')
      await server.close()
    })
    const { url } = await server.listen()
    log.info({ url }, 'ready')
    if (process.stdout.isTTY) process.stdout.write(`\n  Belfry is ready: ${url}\n\n`)
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`)
    process.exit(1)
  }
}

function explain(error: unknown): string {
  if (error instanceof ConfigError) return `Belfry cannot start:\n${error.message}`
  if (!(error instanceof Error)) return `Belfry cannot start: ${String(error)}`
  const code = 'code' in error ? String(error.code) : ''
  if (code === 'EADDRINUSE') return 'Belfry cannot start: PORT is in use by another process.'
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return 'Belfry cannot start: HOST is not an address of this machine.'
  return `Belfry cannot start: ${error.message}`
}
