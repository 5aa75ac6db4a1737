import { isBelfryBuilt } from './belfry.ts'
import type { PublishInput, PublishReport } from './generator/commands.ts'
import { type Generator, startGenerator } from './generator-process.ts'
import { waitForQuiet } from './quiet.ts'
import type { Figures, Outcome } from './result.ts'
import { settings } from './settings.ts'
import type { Target, TargetName } from './target.ts'
import { startBelfryTarget } from './targets/belfry.ts'
import { startCeiling } from './targets/ceiling.ts'
import { startNchan } from './targets/nchan.ts'
import { startTutorial } from './targets/tutorial.ts'

const starters: Readonly<Record<TargetName, (accounts: number) => Promise<Target>>> = {
  belfry: startBelfryTarget,
  tutorial: startTutorial,
  nchan: startNchan,
  ceiling: startCeiling,
}

/** One server with one load generator, for one run. */
export interface Session {
  readonly target: Target
  readonly generator: Generator
  /** Connects users 0 … count − 1 and waits until all are ready. */
  connect(count: number, options?: { readonly keepsCursor?: boolean; readonly perS?: number }): Promise<void>
  /** Publishes, waits for what is on its way, and notes as a fault whatever was lost, repeated or refused. */
  publish(input: PublishInput): Promise<PublishReport>
  /** Waits for what is on its way and notes faults. */
  settle(what: string): Promise<void>
  fault(text: string): void
  note(text: string): void
}

interface Findings {
  readonly faults: string[]
  readonly notes: string[]
}

/** More than the kernel's own work on that core. */
const FOREIGN_SHARE = 0.2

const createSession = (target: Target, generator: Generator, { faults, notes }: Findings): Session => {
  const fault = (text: string): void => void faults.push(`${target.name}: ${text}`)
  const note = (text: string): void => void notes.push(`${target.name}: ${text}`)
  const settle = async (what: string): Promise<void> => {
    const { lost, repeated, misdelivered } = await generator.call('settle', settings.drainMs)
    if (lost + repeated + misdelivered === 0) return
    fault(`${what}: ${lost} lost, ${repeated} repeated, ${misdelivered} misdelivered`)
  }
  return {
    target,
    generator,
    fault,
    note,
    settle,
    connect: async (count, { keepsCursor = false, perS = settings.connectPerS } = {}) => {
      const sockets = Array.from({ length: count }, (_, user) => target.socketOf(user, { keepsCursor }))
      const { ready, firstFailure } = await generator.call('connect', { port: target.port, sockets, perS })
      if (ready < count)
        throw new Error(`${target.name}: ${count - ready} of ${count} could not connect: ${firstFailure}`)
    },
    publish: async (input) => {
      const report = await generator.call('publish', input)
      if (input.width > 0) await settle('publishing')
      for (const { failed, firstFailure } of report.streams) {
        if (failed > 0) fault(`${failed} requests failed, the first with: ${firstFailure}`)
      }
      if (report.foreignShare > FOREIGN_SHARE) {
        note(
          `other programs took ${Math.round(report.foreignShare * 100)} % of the generator's core in one run`,
        )
      }
      const closed = await generator.call('closed')
      if (closed.length > 0) fault(`the server closed ${closed.length} connections`)
      return report
    },
  }
}

export interface Comparison {
  readonly targets: readonly TargetName[]
  readonly accounts: number
  measure(session: Session): Promise<Figures>
  readonly notes?: readonly string[]
}

const measureOnce = async (
  name: TargetName,
  comparison: Comparison,
  findings: Findings,
): Promise<Figures> => {
  const target = await starters[name](comparison.accounts)
  if (!(await waitForQuiet())) findings.notes.push(`${name}: the machine was not idle before one run`)
  const generator = startGenerator()
  try {
    return await comparison.measure(createSession(target, generator, findings))
  } finally {
    await generator.stop()
    await target.stop()
  }
}

/** Measures the servers in turn, run by run, so that a noisy minute disturbs all of them alike. */
export const sideBySide = async (comparison: Comparison): Promise<Outcome> => {
  const runs: Partial<Record<TargetName, Figures[]>> = {}
  const faults: string[] = []
  const notes = [...(comparison.notes ?? [])]
  const targets = comparison.targets.filter((name) => name !== 'belfry' || isBelfryBuilt())
  if (targets.length < comparison.targets.length)
    notes.push('Belfry is not built: only the peers were measured.')
  for (let run = 0; run < settings.runs; run++) {
    for (const name of run % 2 === 0 ? targets : targets.toReversed()) {
      const before = faults.length
      const figures = await measureOnce(name, comparison, { faults, notes })
      runs[name] = [...(runs[name] ?? []), figures]
      console.log(`  run ${run + 1} ${name}: ${describeFigures(figures)}`)
      for (const fault of faults.slice(before)) console.log(`    FAULT ${fault}`)
    }
  }
  return { runs, faults, notes }
}

export const describeFigures = (figures: Figures): string =>
  Object.entries(figures)
    .map(([key, value]) => `${key} ${Number(value.toPrecision(4))}`)
    .join(', ')
