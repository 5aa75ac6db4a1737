/**
 * `npm test [examples|faults|hostile|model] [-- arguments for vitest]`: brings what the tests need, then runs them.
 * On Debian as root missing packages are installed; elsewhere they are named, and it ends with 1.
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { provide } from './test-needs.ts'
import { ROOT } from './workspace.ts'

/** The long kinds, and what they set. 2,000 histories: inbox-model.md; one of a chat takes ten times as long. */
const MODES: Record<string, Record<string, string>> = {
  test: {},
  examples: {},
  faults: {},
  hostile: {},
  model: { MODEL_HISTORIES: '2000', CHAT_MODEL_HISTORIES: '500' },
}

/** A whole run also takes whole systems over these. Source: the kinds of operation in docs/scaling.md. */
const STORES = 'postgres,postgres+redis,postgres+nats'

const [first = '', ...rest] = process.argv.slice(2)
const isMode = Object.hasOwn(MODES, first)
const mode = isMode ? first : 'test'
const args = isMode ? rest : process.argv.slice(2)

const missing = await provide(mode)
if (missing.length > 0) {
  process.stderr.write(
    `The tests need what this machine lacks:\n${missing.map((line) => `  ${line}\n`).join('')}`,
  )
  process.exit(1)
}

// Servers under test are the build, which starts in a third of the time and is what people run.
const built = spawnSync(process.execPath, [join(ROOT, 'scripts/build.ts'), '--no-types'], {
  stdio: 'inherit',
})
if (built.status !== 0) process.exit(1)
const BELFRY_MAIN = join(ROOT, 'packages/server/dist/main.js')

const stores = mode === 'test' && args.length === 0 ? { BELFRY_STORES: STORES } : {}
const reports = ['--reporter=default', '--reporter=json', '--outputFile.json=test-results/vitest.json']
const child = spawn(
  process.execPath,
  [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', '--mode', mode, ...reports, ...args],
  { cwd: ROOT, stdio: 'inherit', env: { BELFRY_MAIN, ...MODES[mode], ...stores, ...process.env } },
)
const [code] = (await once(child, 'exit')) as [number | null]
process.exit(code ?? 1)
