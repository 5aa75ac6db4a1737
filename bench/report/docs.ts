import type { Result } from '../result.ts'
import { tableOf } from './table.ts'

const marker = (name: string): readonly [string, string] => [
  `<!-- ${name}: begin -->`,
  `<!-- ${name}: end -->`,
]

/** Replaces what stands between the markers of `name`. Throws when the page has no such markers. */
export const replaceBetween = (page: string, name: string, content: string): string => {
  const [begin, end] = marker(name)
  const from = page.indexOf(begin)
  const to = page.indexOf(end)
  if (from < 0 || to < from) throw new Error(`docs/benchmarks.md has no markers for ${name}`)
  return `${page.slice(0, from + begin.length)}\n${content.trim()}\n${page.slice(to)}`
}

const markdownTable = (rows: readonly (readonly string[])[]): string => {
  const [head = [], ...body] = rows
  const rule = head.map((_, column) => (column > 0 && column < head.length - 1 ? '---:' : '---'))
  return [head, rule, ...body].map((row) => `| ${row.join(' | ')} |`).join('\n')
}

/** One scenario's section: plot, table, notes. */
export const sectionOf = (result: Result): string => {
  const notes = [...result.outcome.faults.map((fault) => `**Fault**: ${fault}`), ...result.outcome.notes]
  return `
**${result.title}**

![${result.title}](../bench/plots/${result.name}.svg)

${markdownTable(tableOf(result))}

${notes.join('\n\n')}
`
}
