import type { TargetName } from './target.ts'

/** What a figure must reach: alone, or as a multiple of another server's figure of the same run. */
export interface Bar {
  readonly is: '>=' | '<='
  readonly value: number
  readonly times?: TargetName
}

export interface Measure {
  readonly key: string
  readonly label: string
  readonly unit: string
  readonly bars: readonly Bar[]
}

export interface Scenario {
  readonly name: string
  readonly title: string
  readonly measures: readonly Measure[]
  run(): Promise<Outcome>
}

/** Figures by measure's key. A scenario may give more figures than it has measures; they inform. */
export type Figures = Readonly<Record<string, number>>

export interface Outcome {
  /** Every run of every server that was measured. */
  readonly runs: Partial<Record<TargetName, readonly Figures[]>>
  /** Anything lost, repeated, misdelivered or refused: such figures are worth nothing. */
  readonly faults: readonly string[]
  readonly notes: readonly string[]
}

export interface Result {
  readonly name: string
  readonly title: string
  readonly measures: readonly Measure[]
  readonly medians: Partial<Record<TargetName, Figures>>
  readonly outcome: Outcome
}

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

const mediansOf = (runs: readonly Figures[]): Figures => {
  const keys = [...new Set(runs.flatMap((run) => Object.keys(run)))]
  return Object.fromEntries(
    keys.map((key) => [key, median(runs.flatMap((run) => (run[key] === undefined ? [] : [run[key]])))]),
  )
}

export const resultOf = ({ name, title, measures }: Scenario, outcome: Outcome): Result => {
  const medians: Partial<Record<TargetName, Figures>> = {}
  for (const [target, runs] of Object.entries(outcome.runs)) medians[target as TargetName] = mediansOf(runs)
  return { name, title, measures, medians, outcome }
}

export interface Verdict {
  readonly bar: Bar
  /** The figure that is held against the bar; `null` when something was not measured. */
  readonly actual: number | null
  readonly isMet: boolean | null
}

export const verdictsOn = (result: Result, measure: Measure): readonly Verdict[] =>
  measure.bars.map((bar) => {
    const own = result.medians.belfry?.[measure.key]
    const other = bar.times === undefined ? 1 : result.medians[bar.times]?.[measure.key]
    if (own === undefined || other === undefined) return { bar, actual: null, isMet: null }
    const actual = own / other
    return { bar, actual, isMet: bar.is === '>=' ? actual >= bar.value : actual <= bar.value }
  })
