import { describe, expect, it } from 'vitest'
import { checkLockFile, checkManifest, isOlder } from './lock-file.ts'

describe('the gate of the lock file', () => {
  it('finds a copy that is too old, also a nested one', () => {
    const packages = {
      'node_modules/ws': { version: '8.23.0' },
      'node_modules/engine.io/node_modules/ws': { version: '8.21.3' },
      'node_modules/a/node_modules/b/node_modules/fastify': { version: '4.29.1' },
    }
    expect(checkLockFile({ packages })).toEqual([
      'node_modules/engine.io/node_modules/ws is 8.21.3, needs at least 8.23.0',
      'node_modules/a/node_modules/b/node_modules/fastify is 4.29.1, needs at least 5.12.2',
    ])
  })

  it('sees through another name', () => {
    expect(
      checkLockFile({ packages: { 'node_modules/old-ws': { name: 'ws', version: '7.0.0' } } }),
    ).toHaveLength(1)
  })

  it('lets the old client of the tests be, and only there', () => {
    const path = 'node_modules/socket.io-client-3/node_modules/socket.io-parser'
    expect(checkLockFile({ packages: { [path]: { version: '4.0.5', dev: true } } })).toEqual([])
    expect(checkLockFile({ packages: { [path]: { version: '4.0.5' } } })).toHaveLength(1)
  })

  it('wants no address of a registry', () => {
    const packages = { 'node_modules/a': { version: '1.0.0', resolved: 'https://example.test/a.tgz' } }
    expect(checkLockFile({ packages })).toHaveLength(1)
  })

  it.each(['^1.0.0', '~1.0.0', '*', 'latest', '>=1.0.0', '1.x'])(
    'wants an exact version, not %s',
    (version) => {
      expect(checkManifest('package.json', { dependencies: { a: version } })).toHaveLength(1)
      expect(checkManifest('package.json', { dependencies: { a: '1.2.3', b: 'npm:c@1.2.3' } })).toEqual([])
    },
  )
})

it.each([
  ['8.22.9', '8.23.0', true],
  ['8.23.0', '8.23.0', false],
  ['10.0.0', '9.9.9', false],
  ['9.0.0-beta.1', '9.0.0', true],
  ['9.0.1-beta.1', '9.0.0', false],
])('%s against %s: older is %s', (version, minimum, expected) => {
  expect(isOlder(version, minimum)).toBe(expected)
})
