import { spawnSync } from 'node:child_process'
import type { Block } from './blocks.ts'

/** A reply as a page shows it: `…` stands for what is different each time. */
export interface Shown {
  place: string
  expected: unknown
  actual: unknown
}

const BREAK = '--- end of block ---'

/** Runs the `sh` blocks of a page one after the other in one shell; each `json` block is what the one before prints. */
export function runShell(blocks: readonly Block[], replace: (text: string) => string): Shown[] {
  const scripts = blocks.filter(({ language }) => language === 'sh')
  const script = scripts.map(({ text }) => `${replace(text)}\necho; echo '${BREAK}'`).join('\n')
  const run = spawnSync('bash', ['-euo', 'pipefail', '-c', script], { encoding: 'utf8', timeout: 60_000 })
  if (run.status !== 0) throw new Error(`ended with ${run.status}:\n${run.stdout}\n${run.stderr}`)
  const outputs = run.stdout.split(BREAK)
  return blocks.flatMap((block, index) => {
    const before = blocks[index - 1]
    if (block.language !== 'json' || !before) return []
    const output = outputs[scripts.indexOf(before)] ?? ''
    return [{ place: block.place, expected: JSON.parse(block.text), actual: JSON.parse(output) }]
  })
}

/** Where an answer is not as shown. Fields that are not shown may be there. */
export function differences(expected: unknown, actual: unknown, path = ''): string[] {
  if (typeof expected === 'string' && expected.includes('…')) {
    return typeof actual === 'string' ? [] : [`${path}: ${JSON.stringify(actual)} is no text`]
  }
  if (typeof expected !== 'object' || expected === null) {
    return expected === actual
      ? []
      : [`${path}: ${JSON.stringify(actual)} is not ${JSON.stringify(expected)}`]
  }
  if (typeof actual !== 'object' || actual === null)
    return [`${path}: ${JSON.stringify(actual)} is no object`]
  return Object.entries(expected).flatMap(([key, value]) =>
    differences(value, Reflect.get(actual, key), `${path}/${key}`),
  )
}
