import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../config.ts'
import type { Actor } from '../core/actor.ts'
import type { Context } from '../core/context.ts'
import type { Store } from '../store/store.ts'
import { makeSqlitePlace, type Place } from '../test/place.ts'
import { DiskStore } from './disk-store.ts'
import { type MediaStore, newFileName } from './media-store.ts'
import { createMediaSweeper } from './sweeper.ts'

const ANN: Actor = { kind: 'user', id: 'ann', roles: [], sessionId: 's' }
const SYSTEM: Actor = { kind: 'system' }

let folder: string
let place: Place
let store: Store
let files: MediaStore
let context: Context
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'belfry-sweeper-'))
  mkdirSync(join(folder, 'media'))
  files = new DiskStore(join(folder, 'media'))
  place = await makeSqlitePlace({ isVolatile: true })
  store = await place.open({ features: new URL('./test/features.ts', import.meta.url) })
  const config = readConfig({ DATA_DIR: folder })
  context = { config, store, clock: Date.now, log: pino({ level: 'silent' }) }
})
afterAll(async () => {
  await store.close()
  await place.remove()
  rmSync(folder, { recursive: true, force: true })
})

const work = (command: string, input: object) => store.transact(command, SYSTEM, input)

const kept = () =>
  readdirSync(join(folder, 'media'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)

async function put(name: string): Promise<string> {
  const path = join(folder, 'staged')
  writeFileSync(path, name)
  await files.put(name, { path, size: name.length, sha256: '', mime: 'image/png' })
  return name
}

async function post(messageId: string): Promise<string[]> {
  const [file, small] = [await put(newFileName()), await put(newFileName())]
  const { id } = (await store.transact('reserveMedia', ANN, {
    ...{ kind: 'image', name: 'a.png', mime: 'image/png', size: 10, maxUserBytes: 1e9 },
    facts: { file, thumb: { file: small, mime: 'image/png', size: 5 } },
  })) as { id: string }
  await store.transact('confirmMedia', ANN, { id })
  await store.transact('attach', SYSTEM, { ownerId: 'ann', chatId: 'c', messageId, ids: [id] })
  return [file, small]
}
const used = () => store.read('bytesOfUser', { user: 'ann' })

describe('the sweep', () => {
  it('removes a deleted message’s file and its small picture, gives their space back, and touches no other', async () => {
    const [stay, go] = [await post('one'), await post('two')]
    await store.transact('detach', SYSTEM, { messageId: 'two' })
    const before = await used()
    await createMediaSweeper(context, files)(work)
    expect(kept().sort()).toEqual([...stay].sort())
    expect(kept()).not.toContain(go[0])
    expect(await used()).toBe(Number(before) / 2)
  })

  it('comes again to what could not be removed, and does the rest meanwhile', async () => {
    const [stuck, other] = [await post('three'), await post('four')]
    for (const messageId of ['three', 'four']) await store.transact('detach', SYSTEM, { messageId })
    const failing: MediaStore = {
      put: (name, file) => files.put(name, file),
      open: (name, range) => files.open(name, range),
      async remove(name) {
        if (stuck.includes(name)) throw new Error('the bucket is away')
        await files.remove(name)
      },
    }
    await createMediaSweeper(context, failing)(work)
    expect(kept()).toEqual(expect.arrayContaining(stuck))
    for (const name of other) expect(kept()).not.toContain(name)
    await createMediaSweeper(context, files)(work)
    for (const name of stuck) expect(kept()).not.toContain(name)
  })

  it('is done with what is gone already', async () => {
    const [file = ''] = await post('five')
    await store.transact('detach', SYSTEM, { messageId: 'five' })
    await files.remove(file)
    await createMediaSweeper(context, files)(work)
    expect(await store.transact('claimMedia', SYSTEM, { unattachedMs: 3_600_000 })).toEqual({ doomed: [] })
  })
})
