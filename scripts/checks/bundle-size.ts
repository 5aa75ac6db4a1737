import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'

interface Budget {
  /** Folder of the package. */
  readonly folder: string
  /** Built file, for an entry of its own; `dist/index.js` without it. */
  readonly entry?: string
  /** Exports that the app uses; every one without it. */
  readonly names?: readonly string[]
  /** What loads at once, after gzip, without what the app brings itself. Source: performance.md B12, ui.md. */
  readonly goalKb: number
  /** What it must not exceed. Source: docs/decisions/0011-bundle-budgets.md. */
  readonly maxKb: number
  /** What parts that load when they are first needed must not exceed together. Source: the same. */
  readonly maxLaterKb: number
  readonly external: readonly string[]
}

const KB = 1024
const BROUGHT = ['socket.io-client', 'react', 'react-dom', 'sonner']
const BUDGETS: readonly Budget[] = [
  { folder: 'packages/client', goalKb: 12, maxKb: 12, maxLaterKb: 3.5, external: BROUGHT },
  // Alone; beside the client it is less, since they share what keeps a queue.
  {
    folder: 'packages/client',
    entry: 'dist/chat/index.js',
    goalKb: 12,
    maxKb: 14,
    maxLaterKb: 0,
    external: BROUGHT,
  },
  { folder: 'packages/react', goalKb: 35, maxKb: 32.2, maxLaterKb: 25, external: BROUGHT },
  {
    folder: 'packages/react',
    names: ['BelfryProvider', 'NotificationBell'],
    goalKb: 20,
    maxKb: 20,
    maxLaterKb: 27.5,
    external: BROUGHT,
  },
  // Alone; beside the kit it is less, by the client and what makes noise.
  {
    folder: 'packages/react',
    entry: 'dist/chat/index.js',
    goalKb: 30,
    maxKb: 37,
    maxLaterKb: 5,
    external: BROUGHT,
  },
]

/** A name inside zod that no minifier can change: 92 KB that a browser must never load. */
const ZOD = '$ZodType'

/** Bundles what the browser's packages export as an app would. Answers problems, and tells the sizes. */
export async function checkBundles(
  root: string,
  budgets = BUDGETS,
): Promise<{ problems: string[]; summary: string }> {
  const problems: string[] = []
  const sizes: string[] = []
  for (const budget of budgets.filter(({ folder }) => existsSync(join(root, folder)))) {
    const { folder, entry, names = [], goalKb, maxKb, maxLaterKb } = budget
    const chunks = await bundle(join(root, folder), budget)
    const first = loadedAtStart(chunks)
    const firstKb = sizeOf(first)
    // Each is a file of its own; what loads at once may well be one.
    const later = chunks.filter((chunk) => !first.includes(chunk))
    const laterKb = later.reduce((sum, chunk) => sum + sizeOf([chunk]), 0)
    const name = [folder, ...(entry === undefined ? [] : [entry]), ...names].join(' ')
    const size = `${name} ${firstKb.toFixed(1)} of ${maxKb} KB (goal ${goalKb}), later ${laterKb.toFixed(1)} of ${maxLaterKb} KB`
    sizes.push(size)
    if (firstKb > maxKb || laterKb > maxLaterKb) problems.push(`${size}: too large`)
    const code = chunks.map((chunk) => chunk.code).join()
    if (code.includes(ZOD)) problems.push(`${name} brings zod into the browser`)
  }
  const withZod = globSync('apps/*/dist/**/*.js', { cwd: root }).filter((file) =>
    readFileSync(join(root, file), 'utf8').includes(ZOD),
  )
  problems.push(...withZod.map((file) => `${file} contains zod`))
  return { problems, summary: sizes.join('; ') }
}

/** What the app's own file would be: it stands on no disk. */
const APP = 'belfry-app'

async function bundle(folder: string, budget: Budget): Promise<readonly Chunk[]> {
  const { entry = 'dist/index.js', names, external } = budget
  const used = names ? `{ ${names.join(', ')} }` : '*'
  const result = await build({
    configFile: false,
    root: folder,
    logLevel: 'error',
    plugins: [
      {
        name: APP,
        resolveId: (id) => (id === APP ? APP : undefined),
        load: (id) => {
          if (id !== APP) return undefined
          return `export ${used} from ${JSON.stringify(join(folder, entry))}`
        },
      },
    ],
    build: {
      write: false,
      target: 'es2022',
      minify: true,
      modulePreload: { polyfill: false },
      rolldownOptions: {
        input: APP,
        // An app may use every export that it names, so none is dropped; what later parts need too stands with them, as
        // in the file of an app, which has no exports.
        preserveEntrySignatures: 'allow-extension',
        // With everything under them.
        external: external.map((name) => new RegExp(`^${name}(/|$)`)),
      },
    },
  })
  const [output] = Array.isArray(result) ? result : [result]
  if (output === undefined || !('output' in output)) throw new Error('the bundler made nothing')
  return output.output.filter((part) => part.type === 'chunk')
}

const sizeOf = (chunks: readonly Chunk[]): number =>
  gzipSync(chunks.map(({ code }) => code).join('\n')).length / KB

interface Chunk {
  readonly fileName: string
  readonly isEntry: boolean
  readonly code: string
  /** File names of chunks that load with this one. */
  readonly imports: readonly string[]
}

/** The entry and all that it imports: bundlers put what a later part needs too in files of its own. */
function loadedAtStart(chunks: readonly Chunk[]): readonly Chunk[] {
  const loaded = new Set(chunks.filter(({ isEntry }) => isEntry))
  // A set goes on with what is added to it on the way.
  for (const { imports } of loaded) {
    for (const chunk of chunks) if (imports.includes(chunk.fileName)) loaded.add(chunk)
  }
  return [...loaded]
}
