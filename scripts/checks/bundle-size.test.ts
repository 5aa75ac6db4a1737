import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { checkBundles } from './bundle-size.ts'

/** Text that does not compress, so that its length is about its size. */
const noise = (length: number) =>
  Array.from({ length }, (_, index) =>
    Math.abs(Math.sin(index + 1))
      .toString(36)
      .slice(4, 5),
  ).join('')

/** A package with a bell of 1 KB, a panel of 3 KB that is loaded later, and 2 KB that both need. */
function madePackage(): string {
  const root = mkdtempSync(join(tmpdir(), 'belfry-bundle-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  const dist = join(root, 'packages/kit/dist')
  mkdirSync(dist, { recursive: true })
  const files = {
    'index.js': `export { bell } from './bell.js'\nexport { panel } from './panel.js'`,
    'bell.js': `import { shared } from './shared.js'
      export const bell = () => ['${noise(1500)}', shared(), import('./panel.js')]`,
    'panel.js': `import { shared } from './shared.js'
      export const panel = () => ['${noise(4500).split('').reverse().join('')}', shared()]`,
    'shared.js': `export const shared = () => document.title + '${noise(9000).slice(6000)}'`,
  }
  for (const [name, code] of Object.entries(files)) writeFileSync(join(dist, name), code)
  return root
}

const sizeIn = (summary: string) => Number(/ ([\d.]+) of /.exec(summary)?.[1])

async function sizeOf(root: string, start?: string[]): Promise<number> {
  const budget = { folder: 'packages/kit', goalKb: 10, maxKb: 10, external: [], ...(start ? { start } : {}) }
  const { problems, summary } = await checkBundles(root, [budget])
  expect(problems).toEqual([])
  return sizeIn(summary)
}

describe('the gate of sizes', () => {
  it('counts everything, or what some exports load at once: with what they share with later parts', async () => {
    const root = madePackage()
    const all = await sizeOf(root)
    const panel = await sizeOf(root, ['panel'])
    const bell = await sizeOf(root, ['bell'])
    expect(bell).toBeLessThan(panel)
    expect(all).toBeGreaterThan(panel + 0.5)
    // The bell's own 1.5 KB of text, and the 3 KB that the panel needs too.
    expect(bell).toBeGreaterThan(0.6 * 4.5)
  })

  it('names what is too large', async () => {
    const budget = { folder: 'packages/kit', start: ['bell'], goalKb: 1, maxKb: 1, external: [] }
    const { problems } = await checkBundles(madePackage(), [budget])
    expect(problems).toEqual([
      expect.stringMatching(/^packages\/kit bell [\d.]+ of 1 KB \(goal 1\): too large$/),
    ])
  })
})
