import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'

interface Budget {
  /** Folder of the package. */
  readonly folder: string
  /** After gzip, without what the app brings itself. Source: performance.md B12, ui.md. */
  readonly maxBytes: number
  readonly external: readonly string[]
}

const KB = 1024
const BUDGETS: readonly Budget[] = [
  { folder: 'packages/client', maxBytes: 12 * KB, external: ['socket.io-client'] },
  {
    folder: 'packages/react',
    maxBytes: 35 * KB,
    external: ['socket.io-client', 'react', 'react-dom', 'sonner'],
  },
]

/** A name inside zod that no minifier can change: 92 KB that a browser must never load. */
const ZOD = '$ZodType'

/** Bundles everything that the browser's packages export as an app would. Answers problems, and tells the sizes. */
export async function checkBundles(root: string): Promise<{ problems: string[]; summary: string }> {
  const problems: string[] = []
  const sizes: string[] = []
  for (const budget of BUDGETS.filter(({ folder }) => existsSync(join(root, folder)))) {
    const code = await bundle(join(root, budget.folder), budget.external)
    const bytes = gzipSync(code).length
    const size = `${budget.folder} ${(bytes / KB).toFixed(1)} of ${budget.maxBytes / KB} KB`
    sizes.push(size)
    if (bytes > budget.maxBytes) problems.push(`${size}: too large`)
    if (code.includes(ZOD)) problems.push(`${budget.folder} brings zod into the browser`)
  }
  const withZod = globSync('apps/*/dist/**/*.js', { cwd: root }).filter((file) =>
    readFileSync(join(root, file), 'utf8').includes(ZOD),
  )
  problems.push(...withZod.map((file) => `${file} contains zod`))
  return { problems, summary: sizes.join(', ') }
}

/** @param external Names of packages that stay outside, with everything under them. */
async function bundle(folder: string, external: readonly string[]): Promise<string> {
  const result = await build({
    configFile: false,
    root: folder,
    logLevel: 'error',
    build: {
      write: false,
      target: 'es2022',
      minify: true,
      modulePreload: { polyfill: false },
      rolldownOptions: {
        input: join(folder, 'dist/index.js'),
        // An app may use every export, so none is dropped.
        preserveEntrySignatures: 'strict',
        external: external.map((name) => new RegExp(`^${name}(/|$)`)),
      },
    },
  })
  const [output] = Array.isArray(result) ? result : [result]
  if (output === undefined || !('output' in output)) throw new Error('the bundler made nothing')
  return output.output.map((part) => (part.type === 'chunk' ? part.code : '')).join('\n')
}
