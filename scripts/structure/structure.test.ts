import { describe, expect, it } from 'vitest'
import { ROOT } from '../workspace.ts'
import { readSource } from './imports.ts'
import { findViolations } from './rules.ts'
import { readSources } from './sources.ts'

/** What the rules say about files that exist only here. */
function messages(files: Record<string, string>): string[] {
  const sources = Object.entries(files).map(([path, text]) => readSource(path, text))
  return findViolations(sources).map(({ path, line, message }) => `${path}:${line} ${message}`)
}

const FEATURE = 'packages/server/src/inbox/send.ts'

describe('the repository', () => {
  it('keeps its structure', () => {
    const sources = readSources(ROOT)
    expect(sources.length).toBeGreaterThan(50)
    expect(findViolations(sources).map(({ path, line, message }) => `${path}:${line} ${message}`)).toEqual([])
  })
})

describe('an arrow between packages', () => {
  it.each([
    ['packages/protocol/src/a.ts', '@belfry/client', 'protocol must not import client'],
    ['packages/client/src/a.ts', '@belfry/server', 'client must not import server'],
    ['packages/server/src/server.ts', '@belfry/testkit', 'server must not import testkit'],
    ['packages/node/src/a.ts', '@belfry/client', 'node must not import client'],
    ['apps/console/src/a.tsx', '@belfry/server', 'console must not import server'],
  ])('from %s to %s is refused', (path, specifier, message) => {
    expect(messages({ [path]: `import { x } from '${specifier}'` })).toEqual([`${path}:1 ${message}`])
  })

  it('counts for types, re-exports and lazy imports too', () => {
    const path = 'packages/client/src/a.ts'
    const lines = [
      "import type { A } from '@belfry/server'",
      "export { b } from '@belfry/server'",
      "export type C = import('@belfry/server').C",
      "export const d = () => import('@belfry/server')",
    ]
    expect(messages({ [path]: lines.join('\n') })).toEqual(
      [1, 2, 3, 4].map((line) => `${path}:${line} client must not import server`),
    )
  })

  it('is no matter of words in comments and texts', () => {
    const text =
      "// import { x } from '@belfry/server'\nexport const y = \"import z from '@belfry/server'\"\n"
    expect(messages({ 'packages/client/src/a.ts': text })).toEqual([])
  })

  it('does not go by path', () => {
    const path = 'packages/client/src/a.ts'
    const text = "import { x } from '../../protocol/src/x.ts'"
    expect(messages({ [path]: text })).toEqual([
      `${path}:1 reaches into package protocol by path: ../../protocol/src/x.ts`,
    ])
  })

  it('is free where architecture.md draws it, and in tests', () => {
    const files = {
      'packages/client/src/a.ts': "import { x } from '@belfry/protocol'",
      'packages/react/src/a.tsx': "import { x } from '@belfry/protocol'",
      'packages/server/test/a.test.ts': "import { x } from '@belfry/testkit'",
    }
    expect(messages(files)).toEqual([])
  })

  it('needs a row for a new package', () => {
    expect(messages({ 'packages/extra/src/a.ts': '' })).toEqual([
      'packages/extra/src/a.ts:1 package extra has no row in the table of arrows',
    ])
  })
})

describe('a room of the server', () => {
  it.each([
    [FEATURE, '../doors/http.ts', 'feature inbox may import core, ports and itself, not doors/http.ts'],
    [FEATURE, '../rooms/members.ts', 'feature inbox may import core, ports and itself, not rooms/members.ts'],
    [FEATURE, '../server.ts', 'feature inbox may import core, ports and itself, not server.ts'],
    [FEATURE, '../store/sqlite/worker.ts', 'only backends.ts names a store or a bus: store/sqlite/worker.ts'],
    [
      'packages/server/src/server.ts',
      './bus/redis.ts',
      'only backends.ts names a store or a bus: bus/redis.ts',
    ],
    ['packages/server/src/core/hub.ts', '../inbox/send.ts', 'core must not import inbox/send.ts'],
    ['packages/server/src/core/hub.ts', '../doors/http.ts', 'core must not import doors/http.ts'],
    ['packages/server/src/store/store.ts', '../inbox/send.ts', 'store must not import inbox/send.ts'],
    [
      'packages/server/src/doors/http.ts',
      '../inbox/send.ts',
      'doors translate, they must not import inbox/send.ts',
    ],
  ])('%s must not import %s', (path, specifier, message) => {
    expect(messages({ [path]: `import { x } from '${specifier}'` })).toEqual([`${path}:1 ${message}`])
  })

  it('may lean on core, ports and itself', () => {
    const specifiers = [
      '../core/log.ts',
      '../store/store.ts',
      '../store/sql/statement.ts',
      './state.ts',
      'kysely',
    ]
    const text = specifiers.map((specifier) => `import '${specifier}'`).join('\n')
    expect(messages({ [FEATURE]: text })).toEqual([])
  })
})

describe('a ring of modules', () => {
  const ring = (word: string) => ({
    'packages/client/src/a.ts': `${word} { b } from './b.ts'`,
    'packages/client/src/b.ts': "export { c } from './c.ts'",
    'packages/client/src/c.ts': "import { a } from './a.ts'",
  })

  it('is refused', () => {
    const path = 'packages/client/src'
    expect(messages(ring('import'))).toEqual([
      `${path}/a.ts:1 modules need each other: ${path}/a.ts → ${path}/b.ts → ${path}/c.ts → ${path}/a.ts`,
    ])
  })

  it('is fine when one of its arrows is only a type', () => {
    expect(messages(ring('import type'))).toEqual([])
  })

  it('is seen across packages', () => {
    const files = {
      'packages/protocol/src/index.ts': "import '@belfry/client'",
      'packages/client/src/index.ts': "import '@belfry/protocol'",
    }
    expect(messages(files)).toHaveLength(2)
  })
})

describe('the environment', () => {
  it.each([
    'export const a = process.env.PORT',
    'const { PORT } = process.env',
    "import { env } from 'node:process'",
  ])('is read by nobody but config.ts: %s', (text) => {
    const message = 'reads process.env: only config.ts does'
    expect(messages({ 'packages/server/src/serve.ts': text })).toEqual([
      `packages/server/src/serve.ts:1 ${message}`,
    ])
    expect(messages({ 'packages/server/src/config.ts': text, 'packages/testkit/src/run.ts': text })).toEqual(
      [],
    )
  })
})

describe('a file of more than 300 lines', () => {
  const path = 'packages/client/src/a.ts'
  const body = 'export {}\n'.repeat(301)

  it('says why', () => {
    expect(messages({ [path]: body })).toEqual([
      `${path}:1 301 lines, and no opening comment says why it is long`,
    ])
    expect(messages({ [path]: `/** The client. */\n${body}` })).toHaveLength(1)
    expect(messages({ [path]: `/** Long because a table belongs together. */\n${body}` })).toEqual([])
  })
})

it('nothing that ships imports a test', () => {
  const path = 'packages/client/src/a.ts'
  expect(messages({ [path]: "import { x } from './b.test.ts'" })).toEqual([
    `${path}:1 imports a test: ./b.test.ts`,
  ])
})
