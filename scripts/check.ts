/** `npm run check [-- STEP…]`: everything but the tests. One line for each step, and what the first failing one says. */
import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './workspace.ts'

interface Outcome {
  readonly problems: string
  /** A few words beside the name of the step. */
  readonly summary?: string
}

type Step = () => Outcome | Promise<Outcome>

const STEPS: Record<string, Step> = {
  format: () => tool('biome', 'check', '--error-on-warnings', '--max-diagnostics=50', '.'),
  types: () => tool('tsc', '--noEmit'),
  'dead-code': () => tool('knip', '--no-progress'),
  arrows: async () => {
    const { findViolations } = await import('./structure/rules.ts')
    const { readSources } = await import('./structure/sources.ts')
    const sources = readSources(ROOT)
    const violations = findViolations(sources).map(({ path, line, message }) => `${path}:${line} ${message}`)
    return { problems: violations.join('\n'), summary: `${sources.length} files` }
  },
  versions: async () => {
    const { checkVersions } = await import('./checks/lock-file.ts')
    const manifests = globSync('{.,packages/*,apps/*}/package.json', { cwd: ROOT })
    return { problems: checkVersions(ROOT, manifests).join('\n') }
  },
  build: () => script('scripts/build.ts'),
  packages: async () => {
    const { checkPacked } = await import('./checks/packed.ts')
    return { problems: checkPacked(ROOT).join('\n') }
  },
  bundles: async () => {
    const { checkBundles } = await import('./checks/bundle-size.ts')
    const { problems, summary } = await checkBundles(ROOT)
    return { problems: problems.join('\n'), summary }
  },
}

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !Object.hasOwn(STEPS, name))
if (unknown.length > 0) {
  console.error(`no such step: ${unknown.join(', ')}; there are ${Object.keys(STEPS).join(', ')}`)
  process.exit(1)
}

const failures: { name: string; problems: string }[] = []
for (const [name, step] of Object.entries(STEPS)) {
  if (asked.length > 0 && !asked.includes(name)) continue
  const startedAt = performance.now()
  const { problems, summary = '' } = await outcomeOf(step)
  const isFine = problems === ''
  if (!isFine) failures.push({ name, problems })
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  console.log(`${isFine ? '✓' : '✗'} ${name.padEnd(10)} ${seconds.padStart(5)} s  ${summary}`.trimEnd())
}

const [first] = failures
if (first) console.log(`\n${first.name}:\n${first.problems}`)
process.exit(failures.length > 0 ? 1 : 0)

async function outcomeOf(step: Step): Promise<Outcome> {
  try {
    return await step()
  } catch (error) {
    return { problems: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

function tool(name: string, ...args: string[]): Outcome {
  return run(join(ROOT, 'node_modules/.bin', name), args)
}

function script(file: string): Outcome {
  return run(process.execPath, [join(ROOT, file)])
}

function run(file: string, args: readonly string[]): Outcome {
  const result = spawnSync(file, args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
  if (result.error) throw result.error
  return {
    problems:
      result.status === 0 ? '' : `${result.stdout}${result.stderr}`.trim() || `ended with ${result.status}`,
  }
}
