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

const LIMITS = { folder: 'packages/kit', goalKb: 10, maxKb: 10, maxLaterKb: 10, external: [] }

async function sizesOf(root: string, names?: string[]): Promise<{ first: number; later: number }> {
  const { problems, summary } = await checkBundles(root, [{ ...LIMITS, ...(names ? { names } : {}) }])
  expect(problems).toEqual([])
  const [, first, later] = / ([\d.]+) of .*later ([\d.]+) of /.exec(summary) ?? []
  return { first: Number(first), later: Number(later) }
}

describe('the gate of sizes', () => {
  it('counts everything, or what some exports load at once: with what they share with later parts', async () => {
    const root = madePackage()
    const all = await sizesOf(root)
    const panel = await sizesOf(root, ['panel'])
    const bell = await sizesOf(root, ['bell'])
    expect(bell.first).toBeLessThan(panel.first)
    expect(all.first).toBeGreaterThan(panel.first + 0.5)
    // The bell's own 1.5 KB of text, and the 3 KB that the panel needs too.
    expect(bell.first).toBeGreaterThan(0.6 * 4.5)
    // The panel's own 4.5 KB.
    expect(bell.later).toBeGreaterThan(0.6 * 4.5)
    expect([all.later, panel.later]).toEqual([0, 0])
  })

  it('names what is too large', async () => {
    const problemsOf = async (limits: Partial<typeof LIMITS>) =>
      (await checkBundles(madePackage(), [{ ...LIMITS, names: ['bell'], ...limits }])).problems
    expect(await problemsOf({ maxKb: 1, goalKb: 1 })).toEqual([
      expect.stringMatching(
        /^packages\/kit bell [\d.]+ of 1 KB \(goal 1\), later [\d.]+ of 10 KB: too large$/,
      ),
    ])
    expect(await problemsOf({ maxLaterKb: 1 })).toEqual([
      expect.stringMatching(
        /^packages\/kit bell [\d.]+ of 10 KB \(goal 10\), later [\d.]+ of 1 KB: too large$/,
      ),
    ])
  })
})
