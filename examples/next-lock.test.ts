import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '@belfry/testkit'
import { expect, it } from 'vitest'

interface Locked {
  version: string
  resolved?: string
  dependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
}

const read = (file: string): unknown => JSON.parse(readFileSync(join(ROOT, file), 'utf8'))
const { packages } = read('examples/next/package-lock.json') as { packages: Record<string, Locked> }

const names = ['client', 'node', 'protocol', 'react', 'server']

// `npm install` alone keeps what it has locked of a folder.
it.each(names.map((name) => ({ name })))(
  'the lock file knows today’s @belfry/$name; else, in examples/next: npm install @belfry/$name@file:../../packages/$name',
  ({ name }) => {
    const manifest = read(`packages/${name}/package.json`) as Locked
    const locked = packages[`node_modules/@belfry/${name}`]
    expect(locked).toMatchObject({
      version: manifest.version,
      resolved: `file:../../packages/${name}`,
      dependencies: manifest.dependencies,
    })
    expect(locked?.peerDependencies).toEqual(manifest.peerDependencies)
  },
)

it('names no address of a registry', () => {
  const addresses = Object.values(packages).flatMap(({ resolved = '' }) =>
    resolved === '' || resolved.startsWith('file:') ? [] : [resolved],
  )
  expect(addresses).toEqual([])
})
