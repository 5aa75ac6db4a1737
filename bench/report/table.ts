import { type Measure, type Result, type Verdict, verdictsOn } from '../result.ts'
import type { TargetName } from '../target.ts'

const targetNames: readonly TargetName[] = ['belfry', 'tutorial', 'nchan', 'ceiling']

/** Three significant digits and separators: more would be noise. */
export const formatFigure = (value: number | undefined, unit: string): string => {
  if (value === undefined || Number.isNaN(value)) return '–'
  const rounded = Number(value.toPrecision(3))
  return rounded.toLocaleString('en') + (unit === '' || unit === '/s' ? unit : ` ${unit}`)
}

export const formatVerdict = ({ bar, actual, isMet }: Verdict, unit: string): string => {
  const sign = bar.is === '>=' ? '≥' : '≤'
  const wanted =
    bar.times === undefined
      ? `${sign} ${formatFigure(bar.value, unit)}`
      : `${sign} ${bar.value} × ${bar.times}`
  if (actual === null) return wanted
  const reached = bar.times === undefined ? '' : ` (${actual.toPrecision(2)})`
  return `${wanted} ${isMet ? '✓' : '✗'}${reached}`
}

const cellsOf = (result: Result, measure: Measure, targets: readonly TargetName[]): readonly string[] => [
  measure.label,
  ...targets.map((target) => formatFigure(result.medians[target]?.[measure.key], measure.unit)),
  verdictsOn(result, measure)
    .map((verdict) => formatVerdict(verdict, measure.unit))
    .join(', '),
]

/** Servers that have a column: Belfry always, the others where they were measured. */
export const columnsOf = (result: Result): readonly TargetName[] =>
  targetNames.filter((name) => name === 'belfry' || result.medians[name] !== undefined)

export const tableOf = (result: Result): readonly (readonly string[])[] => {
  const targets = columnsOf(result)
  return [['', ...targets, 'bar'], ...result.measures.map((measure) => cellsOf(result, measure, targets))]
}

/** A table for the terminal. */
export const printResult = (result: Result): void => {
  const rows = tableOf(result)
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  )
  console.log(`\n${result.name.toUpperCase()}  ${result.title}`)
  for (const row of rows) {
    const cells = row.map((cell, column) => {
      const isFigure = column > 0 && column < row.length - 1
      return isFigure ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)
    })
    console.log(`  ${cells.join('  ').trimEnd()}`)
  }
  for (const fault of result.outcome.faults) console.log(`  FAULT ${fault}`)
  for (const note of result.outcome.notes) console.log(`  ${note}`)
}
