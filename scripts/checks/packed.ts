import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { shippedPackages } from '../workspace.ts'

interface Packed {
  name: string
  filename: string
  files: { path: string }[]
}

/** Not for people who install a package. */
const UNWANTED = /\.stamp\.json$|\.test\.|\.map$|(^|\/)src\/|(^|\/)test\//

/** No modules: a stylesheet, and a worker that pages register by its address. */
const NO_MODULES = ['./styles.css', './belfry-sw.js']

/** Packs what ships as for a release, and has publint and attw look at that. Answers what they say. */
export function checkPacked(root: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'belfry-packed-'))
  try {
    const workspaces = shippedPackages(root).flatMap(({ folder: workspace }) => ['-w', workspace])
    const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder, ...workspaces]
    const packed = JSON.parse(execFileSync('npm', args, { cwd: root, encoding: 'utf8' })) as Packed[]
    return packed.flatMap((one) => [
      ...unwanted(one),
      ...complaints(root, 'publint', [join(folder, one.filename), '--strict']),
      ...complaints(root, 'attw', [
        join(folder, one.filename),
        ...['--profile', 'esm-only', '--no-color', '--exclude-entrypoints', ...NO_MODULES],
      ]),
    ])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function unwanted({ name, files }: Packed): string[] {
  return files.filter(({ path }) => UNWANTED.test(path)).map(({ path }) => `${name} would ship ${path}`)
}

function complaints(root: string, tool: string, args: readonly string[]): string[] {
  const file = join(root, 'node_modules/.bin', tool)
  const result = spawnSync(process.execPath, [file, ...args], {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  })
  return result.status === 0 ? [] : [`${tool} ${args[0]}\n${result.stdout}${result.stderr}`]
}
