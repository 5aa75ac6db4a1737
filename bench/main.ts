// `npm run bench` measures everything; `npm run bench -- b1 b4` only these.

import { availableParallelism } from 'node:os'
import { closeAll } from './closers.ts'
import { writeReport } from './report/report.ts'
import { printResult } from './report/table.ts'
import { type Result, resultOf } from './result.ts'
import { scenarios } from './scenarios/scenarios.ts'

const chosen = (names: readonly string[]) => {
  const unknown = names.filter((name) => scenarios.every((scenario) => scenario.name !== name))
  if (unknown.length > 0) {
    throw new Error(
      `unknown: ${unknown.join(', ')}; there are ${scenarios.map(({ name }) => name).join(', ')}`,
    )
  }
  return names.length === 0 ? scenarios : scenarios.filter(({ name }) => names.includes(name))
}

const measureAll = async (names: readonly string[]): Promise<void> => {
  if (process.platform !== 'linux' || availableParallelism() < 2) {
    throw new Error('the benchmarks need Linux and two cores: one for the server, one for the load generator')
  }
  const results: Result[] = []
  for (const scenario of chosen(names)) {
    console.log(`\n${scenario.name.toUpperCase()}  ${scenario.title}`)
    results.push(resultOf(scenario, await scenario.run()))
  }
  for (const result of results) printResult(result)
  await writeReport(results)
  if (results.some(({ outcome }) => outcome.faults.length > 0)) process.exitCode = 1
}

const interrupted = async (): Promise<void> => {
  await closeAll()
  process.exit(130)
}
process.once('SIGINT', () => void interrupted())
process.once('SIGTERM', () => void interrupted())

try {
  await measureAll(process.argv.slice(2).map((name) => name.toLowerCase()))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
} finally {
  await closeAll()
}
