import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { planBuild, STAMP } from './build-plan.ts'

const roots: string[] = []
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true })
})

function repository() {
  const root = mkdtempSync(join(tmpdir(), 'belfry-plan-'))
  roots.push(root)
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
  for (const file of ['package-lock.json', 'tsconfig.json', 'tsconfig.build.json', 'scripts/build.ts'])
    write(file, '')
  const addPackage = (folder: string, needs: string[]) => {
    const dependencies = Object.fromEntries(needs.map((name) => [`@belfry/${name}`, '0.1.0']))
    const name = `@belfry/${folder.slice(folder.indexOf('/') + 1)}`
    write(`${folder}/package.json`, JSON.stringify({ name, dependencies }))
    write(`${folder}/src/index.ts`, 'export {}')
    write(`${folder}/${folder.startsWith('apps') ? 'index.html' : 'tsdown.config.ts'}`, '')
  }
  addPackage('packages/server', ['protocol'])
  addPackage('packages/client', ['protocol'])
  addPackage('packages/protocol', [])
  addPackage('apps/console', ['client'])
  const plan = (types = false) => planBuild(root, { types })
  const build = (hasTypes = true) => {
    for (const { folder, hash } of plan())
      write(`${folder}/dist/${STAMP}`, JSON.stringify({ hash, hasTypes }))
  }
  const stale = (types = false) =>
    plan(types)
      .filter(({ isStale }) => isStale)
      .map(({ folder }) => folder)
  return { root, write, build, stale }
}

it('builds everything in a new checkout, each after what it needs, the server after the pages it carries', () => {
  const order = ['packages/protocol', 'packages/client', 'apps/console', 'packages/server']
  expect(repository().stale()).toEqual(order)
})

it('builds nothing twice, whatever the files’ times say', () => {
  const { root, build, stale } = repository()
  build()
  utimesSync(join(root, 'packages/client/src/index.ts'), new Date(), new Date(Date.now() + 60_000))
  expect(stale(true)).toEqual([])
})

it.each([
  ['packages/client/src/index.ts', ['packages/client', 'apps/console', 'packages/server']],
  ['packages/client/src/new.ts', ['packages/client', 'apps/console', 'packages/server']],
  ['packages/server/src/index.ts', ['packages/server']],
  ['apps/console/style.css', ['apps/console', 'packages/server']],
  ['package-lock.json', ['packages/protocol', 'packages/client', 'apps/console', 'packages/server']],
  ['packages/client/src/index.test.ts', []],
  ['packages/server/test/whole.ts', []],
  ['packages/client/dist/index.js', []],
])('after a change of %s builds %j', (file, expected) => {
  const { write, build, stale } = repository()
  build()
  write(file, 'changed')
  expect(stale()).toEqual(expected)
})

it('adds declarations to a build without them only when they are asked for', () => {
  const { build, stale } = repository()
  build(false)
  expect(stale(false)).toEqual([])
  expect(stale(true)).toEqual(['packages/protocol', 'packages/client', 'packages/server'])
})
