import { mkdirSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { mediaStoreContract } from './contract.ts'
import { DiskStore } from './disk-store.ts'

const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())

let place: string
mediaStoreContract('disk', async (folder) => {
  place = join(folder, 'media')
  mkdirSync(place)
  return {
    store: new DiskStore(place),
    list: async () => filesIn(place).map(({ name }) => name),
  }
})

it('the folders of files can be read by nobody else', () => {
  const entries = readdirSync(place, { recursive: true, withFileTypes: true })
  for (const entry of entries.filter((one) => one.isDirectory()))
    expect(statSync(join(entry.parentPath, entry.name)).mode & 0o077).toBe(0)
  expect(entries.length).toBeGreaterThan(0)
})
