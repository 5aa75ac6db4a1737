/** `npm run build`: makes what is missing or stale. `--no-types` leaves the declarations out, as `npm start` does. */
import { cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { CONSOLE, planBuild, SERVER, STAMP, type Stamp, type Target } from './build-plan.ts'
import { withLock } from './lock.ts'
import { ROOT } from './workspace.ts'

const { values } = parseArgs({ options: { 'no-types': { type: 'boolean', default: false } } })
const types = !values['no-types']

try {
  await withLock(join(ROOT, 'node_modules/.belfry-build'), async () => {
    for (const target of planBuild(ROOT, { types })) await build(target)
  })
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
}

async function build(target: Target): Promise<void> {
  if (!target.isStale) return report(target, 'up to date')
  const startedAt = performance.now()
  const dist = join(ROOT, target.folder, 'dist')
  const unfinished = `${dist}.unfinished`
  const previous = `${dist}.previous`
  for (const left of [unfinished, previous]) rmSync(left, { recursive: true, force: true })
  if (target.kind === 'console') await buildConsole(unfinished)
  else await buildPackage(target, unfinished)
  const stamp: Stamp = { hash: target.hash, hasTypes: types }
  mkdirSync(unfinished, { recursive: true })
  writeFileSync(join(unfinished, STAMP), JSON.stringify(stamp))
  // All at once: who reads `dist` sees the old one or the new one, and a build that fails leaves the old one.
  if (existsSync(dist)) renameSync(dist, previous)
  renameSync(unfinished, dist)
  rmSync(previous, { recursive: true, force: true })
  report(target, `built in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
}

async function buildPackage({ folder }: Target, outDir: string): Promise<void> {
  const tsdown = await import('tsdown')
  await tsdown.build({
    cwd: join(ROOT, folder),
    outDir,
    logLevel: 'warn',
    ...(types ? {} : { dts: false }),
    // Says only that declarations are slow, which is known.
    inputOptions: { checks: { pluginTimings: false } },
  })
  const pages = join(ROOT, CONSOLE, 'dist')
  if (folder !== SERVER || !existsSync(pages)) return
  cpSync(pages, join(outDir, 'console'), { recursive: true, filter: (file) => !file.endsWith(STAMP) })
}

async function buildConsole(outDir: string): Promise<void> {
  const vite = await import('vite')
  await vite.build({ root: join(ROOT, CONSOLE), logLevel: 'warn', build: { outDir, emptyOutDir: true } })
}

/** On stderr: stdout belongs to the server that `npm start` runs next. */
function report({ folder }: Target, outcome: string): void {
  process.stderr.write(`${folder.padEnd(20)} ${outcome}\n`)
}
