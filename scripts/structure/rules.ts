import { resolveImport, type Source } from './imports.ts'

export interface Violation {
  readonly path: string
  readonly line: number
  readonly message: string
}

/** architecture.md §2: who may import whom, besides itself and whoever those may import. */
const ARROWS: Record<string, readonly string[]> = {
  protocol: [],
  client: ['protocol'],
  react: ['client'],
  node: ['protocol'],
  server: ['protocol'],
  console: ['react', 'client', 'node'],
  testkit: ['server', 'client', 'node'],
}

/** The rooms of the server that are no feature. Every other folder is one. architecture.md §3. */
const ROOMS = ['core', 'doors', 'store', 'bus', 'cli']

/** What anything inside the server may lean on: promises and shapes, no decision and no driver. */
const PORTS = /^(config\.ts|store\/(store\.ts|sql\/.*)|bus\/bus\.ts|channels\/channel\.ts)$/

/** Names of databases and brokers: the files that bring them. */
const BACKENDS = /^(store\/(sqlite|postgres)\/.*|bus\/(memory|redis|nats)\.ts)$/

/** The one file that chooses backends. */
const CHOOSER = 'backends.ts'

const MAX_LINES = 300
/** What an opening comment of a longer file has to speak of. */
const WHY_LONG = /\blong\b|\blines\b|\bone (file|place|table|list)\b/i

const SERVER = 'packages/server/src/'

/** Tests, and scripts that a developer runs: neither is shipped. */
function isTest(path: string): boolean {
  return (
    /\.test\.tsx?$/.test(path) ||
    /^(packages|apps)\/.*\b(test|scripts)\//.test(path) ||
    path.endsWith('/contract.ts')
  )
}

/** All that the files do against the structure. Takes them as they are, so that a test can plant one. */
export function findViolations(sources: readonly Source[]): Violation[] {
  const known = new Map(sources.map((source) => [source.path, source]))
  return [
    ...sources.flatMap(checkPackageArrows),
    ...sources.flatMap(checkServerRooms),
    ...sources.flatMap(checkEnvironment),
    ...sources.flatMap(checkTestsStayOutside),
    ...sources.flatMap(checkLength),
    ...findCycles(known),
  ]
}

function packageOf(path: string): string | undefined {
  return /^(?:packages|apps)\/([^/]+)\//.exec(path)?.[1] ?? /^@belfry\/([^/]+)/.exec(path)?.[1]
}

function reachable(from: string): Set<string> {
  const found = new Set<string>()
  const visit = (name: string) => {
    for (const next of ARROWS[name] ?? []) {
      found.add(next)
      visit(next)
    }
  }
  visit(from)
  return found
}

function checkPackageArrows({ path, imports }: Source): Violation[] {
  const own = packageOf(path)
  if (own === undefined || !/^(packages|apps)\//.test(path)) return []
  if (ARROWS[own] === undefined)
    return [{ path, line: 1, message: `package ${own} has no row in the table of arrows` }]
  const allowed = reachable(own)
  return imports.flatMap(({ specifier, line }) => {
    const target = resolveImport(path, specifier)
    const other = packageOf(target)
    if (other === undefined) return []
    if (!specifier.startsWith('@belfry/') && other !== own) {
      return [{ path, line, message: `reaches into package ${other} by path: ${specifier}` }]
    }
    // Whole-system tests use every package; the tests of the words on the wire need none.
    if (other === own || allowed.has(other) || isTest(path)) return []
    return [{ path, line, message: `${own} must not import ${other}` }]
  })
}

function checkServerRooms({ path, imports }: Source): Violation[] {
  if (!path.startsWith(SERVER) || isTest(path)) return []
  const file = path.slice(SERVER.length)
  return imports.flatMap(({ specifier, line }) => {
    const target = resolveImport(path, specifier)
    if (!target.startsWith(SERVER)) return []
    const message = forbidden(file, target.slice(SERVER.length))
    return message === undefined ? [] : [{ path, line, message }]
  })
}

/** Why `from` must not import `to`, both relative to the server's sources. */
function forbidden(from: string, to: string): string | undefined {
  const [fromRoom, toRoom] = [roomOf(from), roomOf(to)]
  if (fromRoom === toRoom && !BACKENDS.test(to)) return undefined
  if (BACKENDS.test(to) && !isOwnBackend(from, to) && from !== CHOOSER) {
    return `only ${CHOOSER} names a store or a bus: ${to}`
  }
  if (fromRoom === undefined || PORTS.test(to)) return undefined
  if (isFeature(fromRoom)) {
    const isFine = toRoom === 'core' || toRoom === fromRoom
    return isFine ? undefined : `feature ${fromRoom} may import core, ports and itself, not ${to}`
  }
  if (fromRoom === 'core') return `core must not import ${to}`
  // Entries, actors and the log are shapes that a store keeps and a bus carries.
  if (fromRoom === 'store' || fromRoom === 'bus') {
    return toRoom === 'core' || toRoom === fromRoom ? undefined : `${fromRoom} must not import ${to}`
  }
  if (fromRoom === 'doors' && toRoom !== undefined && isFeature(toRoom))
    return `doors translate, they must not import ${to}`
  return undefined
}

function roomOf(file: string): string | undefined {
  const slash = file.indexOf('/')
  return slash < 0 ? undefined : file.slice(0, slash)
}

function isFeature(room: string): boolean {
  return !ROOMS.includes(room)
}

function isOwnBackend(from: string, to: string): boolean {
  const folder = to.slice(0, to.lastIndexOf('/') + 1)
  return BACKENDS.test(from) && from.startsWith(folder)
}

/** Settings come in at one place, are checked there, and are passed on. */
function checkEnvironment({ path, environmentLines }: Source): Violation[] {
  const isShipped = /^(packages\/(?!testkit\/)|apps\/)/.test(path) && !isTest(path)
  if (!isShipped || path === `${SERVER}config.ts` || /\/[\w-]+\.config\.ts$/.test(path)) return []
  return environmentLines.map((line) => ({ path, line, message: 'reads process.env: only config.ts does' }))
}

function checkTestsStayOutside({ path, imports }: Source): Violation[] {
  if (isTest(path) || !/^(packages|apps)\//.test(path)) return []
  return imports
    .filter(({ specifier }) => isTest(resolveImport(path, specifier)))
    .map(({ specifier, line }) => ({ path, line, message: `imports a test: ${specifier}` }))
}

function checkLength({ path, lineCount, openingComment }: Source): Violation[] {
  if (lineCount <= MAX_LINES || WHY_LONG.test(openingComment)) return []
  const message = `${lineCount} lines, and no opening comment says why it is long`
  return [{ path, line: 1, message }]
}

/** One violation per ring of modules that need each other while they load. */
function findCycles(known: ReadonlyMap<string, Source>): Violation[] {
  const done = new Set<string>()
  const violations: Violation[] = []
  const visit = (path: string, trail: readonly string[]) => {
    const start = trail.indexOf(path)
    if (start >= 0) {
      const ring = [...trail.slice(start), path]
      violations.push({ path, line: 1, message: `modules need each other: ${ring.join(' → ')}` })
      return
    }
    if (done.has(path)) return
    for (const next of loadedBy(path, known)) visit(next, [...trail, path])
    done.add(path)
  }
  for (const path of known.keys()) visit(path, [])
  return violations
}

function loadedBy(path: string, known: ReadonlyMap<string, Source>): string[] {
  const imports = known.get(path)?.imports ?? []
  return imports
    .filter(({ isTypeOnly, isLazy }) => !isTypeOnly && !isLazy)
    .map(({ specifier }) => entryOf(resolveImport(path, specifier)))
    .filter((target) => known.has(target))
}

/** The file behind the name of a package. */
function entryOf(target: string): string {
  const name = /^@belfry\/([^/]+)$/.exec(target)?.[1]
  return name === undefined ? target : `packages/${name}/src/index.ts`
}
