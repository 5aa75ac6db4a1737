import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readSource, type Source } from './imports.ts'

const SKIPPED = ['node_modules', 'dist', 'dist.unfinished', 'dist.previous', 'results']

/** Every TypeScript file of the repository. */
export function readSources(root: string): Source[] {
  return globSync('{packages,apps,bench,scripts}/**/*.{ts,tsx}', {
    cwd: root,
    exclude: ({ name }) => SKIPPED.includes(name),
    withFileTypes: true,
  })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => readSource(file.slice(root.length + 1).replaceAll('\\', '/'), readFileSync(file, 'utf8')))
}
