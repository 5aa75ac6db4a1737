import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readWorkspaces, type Workspace } from './workspace.ts'

export const CONSOLE = 'apps/console'
export const SERVER = 'packages/server'

/** Lies in `dist` and says what it was made of, so that it goes when `dist` goes. */
export const STAMP = '.stamp.json'

export interface Stamp {
  readonly hash: string
  /** `npm start` builds without declarations, which take most of the time. */
  readonly hasTypes: boolean
}

/** One `dist` folder. */
export interface Target {
  readonly folder: string
  readonly kind: 'package' | 'console'
  readonly hash: string
  readonly isStale: boolean
}

/** What every `dist` is made of beside its own sources. */
const SHARED = ['package-lock.json', 'tsconfig.json', 'tsconfig.build.json', 'scripts/build.ts']

/**
 * Everything that can be built, in order, and whether it must be. Staleness is a matter of content, not of time:
 * a checkout gives every file a new time.
 */
export function planBuild(root: string, options: { types: boolean }): Target[] {
  const shared = hashOf(root, SHARED)
  const hashes = new Map<string, string>()
  return buildable(root).map((workspace) => {
    const { folder } = workspace
    // The server carries the console's pages, so it is stale when they are.
    const parts = folder === SERVER ? [...workspace.needs, nameOf(root, CONSOLE)] : workspace.needs
    const needed = parts.map((name) => hashes.get(name) ?? '')
    const hash = digest([shared, ...needed, hashOf(root, sourcesOf(root, folder))])
    hashes.set(workspace.name, hash)
    const kind = folder === CONSOLE ? 'console' : 'package'
    const stamp = readStamp(join(root, folder))
    const lacksTypes = options.types && kind === 'package' && stamp?.hasTypes !== true
    return { folder, kind, hash, isStale: stamp?.hash !== hash || lacksTypes }
  })
}

/** The console goes before the server, which carries it. A console without a page yet is left out. */
function buildable(root: string): Workspace[] {
  const all = readWorkspaces(root).filter(({ folder }) =>
    existsSync(join(root, folder, folder === CONSOLE ? 'index.html' : 'tsdown.config.ts')),
  )
  const isServer = ({ folder }: Workspace) => folder === SERVER
  return [...all.filter((workspace) => !isServer(workspace)), ...all.filter(isServer)]
}

function nameOf(root: string, folder: string): string {
  return readWorkspaces(root).find((workspace) => workspace.folder === folder)?.name ?? ''
}

function sourcesOf(root: string, folder: string): string[] {
  return globSync(`${folder}/**/*`, { cwd: root, exclude: isNoSource, withFileTypes: true })
    .filter((entry) => entry.isFile() && !isNoSource(entry))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort()
}

/** `globSync` asks about folders only. */
function isNoSource(entry: { name: string }): boolean {
  return ['node_modules', 'dist', 'test', 'coverage'].includes(entry.name) || /\.test\.tsx?$/.test(entry.name)
}

function hashOf(root: string, files: readonly string[]): string {
  return digest(files.flatMap((file) => [file, readFileSync(join(root, file))]))
}

function digest(parts: readonly (string | Buffer)[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part).update('\0')
  return hash.digest('hex')
}

function readStamp(folder: string): Stamp | undefined {
  const file = join(folder, 'dist', STAMP)
  if (!existsSync(file)) return undefined
  return JSON.parse(readFileSync(file, 'utf8')) as Stamp
}
