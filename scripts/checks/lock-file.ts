import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The least version of each package that people reach from outside. Source: security.md §3. */
const MINIMUMS: Record<string, string> = {
  'socket.io': '4.8.4',
  'engine.io': '6.6.11',
  'socket.io-parser': '4.2.7',
  'socket.io-adapter': '2.5.8',
  ws: '8.23.0',
  fastify: '5.12.2',
  node: '24.21.0',
  jose: '6.2.17',
  nodemailer: '10.6.0',
  'web-push': '3.6.7',
}

/** node:sqlite before it can damage a file when a write-ahead log starts again. Source: security.md §3. */
const MINIMUM_SQLITE = '3.51.3'

/** Old on purpose: the seeds' clients of that time, in tests only. Void as soon as something that ships needs it. */
const OLD_IN_TESTS = ['node_modules/socket.io-client-3/node_modules/socket.io-parser']

export interface LockFile {
  packages: Record<
    string,
    { version?: string; dev?: boolean; name?: string; link?: boolean; resolved?: string }
  >
}

interface Manifest {
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
}

/** What is wrong with the lock file; offline, and with every nested copy. */
export function checkLockFile(lock: LockFile): string[] {
  return Object.entries(lock.packages).flatMap(([path, entry]) => {
    const name = entry.name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
    const minimum = path.includes('node_modules/') ? MINIMUMS[name] : undefined
    const isOldInTests = entry.dev === true && OLD_IN_TESTS.includes(path)
    const problems: string[] = []
    if (minimum !== undefined && !isOldInTests && isOlder(entry.version ?? '0.0.0', minimum)) {
      problems.push(`${path} is ${entry.version}, needs at least ${minimum}`)
    }
    if (entry.resolved !== undefined && entry.link !== true) {
      problems.push(`${path} names an address; install with omit-lockfile-registry-resolved`)
    }
    return problems
  })
}

/** Ranges are for people who install us; here everybody gets the same. */
export function checkManifest(path: string, manifest: Manifest): string[] {
  return Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })
    .filter(([, version]) => !/^(npm:.+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
    .map(([name, version]) => `${path}: ${name} is ${version}, not an exact version`)
}

/** All of the repository, and the Node that runs this. */
export function checkVersions(root: string, manifests: readonly string[]): string[] {
  const read = (file: string): unknown => JSON.parse(readFileSync(join(root, file), 'utf8'))
  const sqlite = process.versions.sqlite ?? '0.0.0'
  return [
    ...checkLockFile(read('package-lock.json') as LockFile),
    ...manifests.flatMap((file) => checkManifest(file, read(file) as Manifest)),
    ...(isOlder(sqlite, MINIMUM_SQLITE) ? [`SQLite is ${sqlite}, needs at least ${MINIMUM_SQLITE}`] : []),
  ]
}

export function isOlder(version: string, minimum: string): boolean {
  const numbers = (text: string) => (text.split('-')[0] ?? '').split('.').map(Number)
  const [own, least] = [numbers(version), numbers(minimum)]
  for (const [index, part] of least.entries()) {
    const difference = (own[index] ?? 0) - part
    if (difference !== 0) return difference < 0
  }
  // `1.0.0-rc.1` comes before `1.0.0`.
  return version.includes('-') && !minimum.includes('-')
}
