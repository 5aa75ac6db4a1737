import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { cpus, release, totalmem } from 'node:os'
import type { Result } from '../result.ts'
import { settings } from '../settings.ts'
import { replaceBetween, sectionOf } from './docs.ts'
import { plotOf } from './plot.ts'

const LATEST = new URL('../results/latest.json', import.meta.url)
const PLOTS = new URL('../plots/', import.meta.url)
const PAGE = new URL('../../docs/benchmarks.md', import.meta.url)
/** Fewer runs have no median worth printing. */
const RUNS_FOR_DOCS = 3
const GIB = 2 ** 30

interface Report {
  readonly measuredAt: string
  readonly machine: Readonly<Record<string, string | number>>
  readonly settings: typeof settings
  readonly results: readonly Result[]
}

const machine = () => ({
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGib: Math.round(totalmem() / GIB),
  kernel: release(),
  node: process.version,
})

const readReport = async (): Promise<Report | null> => {
  try {
    // Written by the function below.
    return JSON.parse(await readFile(LATEST, 'utf8')) as Report
  } catch {
    return null
  }
}

/** The new results, and the older ones of scenarios that were not measured this time. */
const merge = (older: readonly Result[], newer: readonly Result[]): readonly Result[] => {
  const kept = older.filter((old) => newer.every(({ name }) => name !== old.name))
  return [...kept, ...newer].toSorted((a, b) => Number(a.name.slice(1)) - Number(b.name.slice(1)))
}

const reasonToKeepDocs = (results: readonly Result[]): string | null => {
  if (settings.scale !== 1) return 'SCALE is not 1'
  if (settings.runs < RUNS_FOR_DOCS) return `fewer than ${RUNS_FOR_DOCS} runs`
  if (results.some(({ medians }) => medians.belfry === undefined)) return 'Belfry was not measured'
  return null
}

const redraw = async (results: readonly Result[], measuredAt: string): Promise<void> => {
  await mkdir(PLOTS, { recursive: true })
  let page = await readFile(PAGE, 'utf8')
  for (const result of results) {
    await writeFile(new URL(`${result.name}.svg`, PLOTS), plotOf(result))
    page = replaceBetween(page, result.name, sectionOf(result))
  }
  const { cpu, cores, memoryGib, kernel, node } = machine()
  const where = `Measured on ${measuredAt.slice(0, 10)}: ${cores} × ${cpu}, ${memoryGib} GiB, Linux ${kernel}, Node ${node}, median of ${settings.runs} runs.`
  await writeFile(PAGE, replaceBetween(page, 'machine', where))
}

/** Writes `bench/results/latest.json`; after a full measurement also the plots and `docs/benchmarks.md`. */
export const writeReport = async (results: readonly Result[]): Promise<void> => {
  const measuredAt = new Date().toISOString()
  const older = (await readReport())?.results ?? []
  const report: Report = { measuredAt, machine: machine(), settings, results: merge(older, results) }
  await mkdir(new URL('.', LATEST), { recursive: true })
  await writeFile(LATEST, `${JSON.stringify(report, null, 2)}\n`)
  const reason = reasonToKeepDocs(results)
  if (reason === null) await redraw(results, measuredAt)
  else console.log(`\ndocs/benchmarks.md was left as it is: ${reason}.`)
}
