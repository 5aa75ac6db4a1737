import { type Measure, type Result, verdictsOn } from '../result.ts'
import type { TargetName } from '../target.ts'
import { columnsOf, formatFigure, formatVerdict } from './table.ts'

const WIDTH = 760
const LABEL_WIDTH = 90
const BAR_HEIGHT = 18
const HEADING_HEIGHT = 34
const PLOT_WIDTH = WIDTH - LABEL_WIDTH - 110

const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .heading { font-weight: 600 } .small { font-size: 12px; fill: #59636e }
  .belfry { fill: #2f6fde } .peer { fill: #b6bdc7 } .bar { stroke: #c4362b; stroke-width: 2 }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc } .small { fill: #9198a1 } .peer { fill: #565d67 } .belfry { fill: #5b93f5 }
  }`

const escapeXml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

/** Where the bars stand in this measure's own unit, so that they can be drawn across the servers' figures. */
const thresholdsOf = (result: Result, measure: Measure): readonly number[] =>
  measure.bars.flatMap(({ value, times }) => {
    if (times === undefined) return [value]
    const other = result.medians[times]?.[measure.key]
    return other === undefined ? [] : [value * other]
  })

const lineOf = (x: number, from: number, to: number): string =>
  `<line class="bar" x1="${x}" x2="${x}" y1="${from}" y2="${to}"/>`

const drawMeasure = (result: Result, measure: Measure, top: number): { svg: string; bottom: number } => {
  const names = columnsOf(result).filter((name) => result.medians[name]?.[measure.key] !== undefined)
  const figures = names.map((name) => result.medians[name]?.[measure.key] ?? 0)
  const thresholds = thresholdsOf(result, measure)
  const largest = Math.max(...figures, ...thresholds, Number.MIN_VALUE)
  const x = (value: number): number => Math.round(LABEL_WIDTH + (value / largest) * PLOT_WIDTH)
  const first = top + HEADING_HEIGHT
  const bars = names.map((name, index) =>
    drawBar(name, figures[index] ?? 0, { measure, x, top: first + index * 24 }),
  )
  const bottom = first + names.length * 24
  const wanted = verdictsOn(result, measure).map((verdict) => formatVerdict(verdict, measure.unit))
  const heading =
    `<text class="heading" x="0" y="${top + 20}">${escapeXml(measure.label)}</text>` +
    `<text class="small" x="${WIDTH}" y="${top + 20}" text-anchor="end">${escapeXml(wanted.join(', '))}</text>`
  const lines = thresholds.map((value) => lineOf(x(value), first - 4, bottom))
  return { svg: [heading, ...bars, ...lines].join('\n'), bottom }
}

interface Place {
  readonly measure: Measure
  readonly x: (value: number) => number
  readonly top: number
}

const drawBar = (name: TargetName, value: number, { measure, x, top }: Place): string => {
  const kind = name === 'belfry' ? 'belfry' : 'peer'
  const width = Math.max(1, x(value) - LABEL_WIDTH)
  return (
    `<text x="0" y="${top + 14}">${name}</text>` +
    `<rect class="${kind}" x="${LABEL_WIDTH}" y="${top}" width="${width}" height="${BAR_HEIGHT}" rx="2"/>` +
    `<text class="small" x="${LABEL_WIDTH + width + 6}" y="${top + 14}">${formatFigure(value, measure.unit)}</text>`
  )
}

/** Horizontal bars for each measure that has something to reach; red lines are what is to be reached. */
export const plotOf = (result: Result): string => {
  let top = 0
  const parts: string[] = []
  for (const measure of result.measures.filter(({ bars }) => bars.length > 0)) {
    const { svg, bottom } = drawMeasure(result, measure, top)
    parts.push(svg)
    top = bottom + 8
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${top}" width="${WIDTH}" height="${top}" role="img">
<title>${escapeXml(result.title)}</title>
<style>${STYLE}</style>
${parts.join('\n')}
</svg>
`
}
