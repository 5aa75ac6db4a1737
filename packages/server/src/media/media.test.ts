import type { Failure, Media } from '@belfry/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Actor } from '../core/actor.ts'
import type { Store } from '../store/store.ts'
import { makeSqlitePlace, type Place } from '../test/place.ts'
import type { Doomed } from './sweep.ts'

const HOUR_MS = 3_600_000
const MAX_USER_BYTES = 1_000_000
const SYSTEM: Actor = { kind: 'system' }
const person = (id: string): Actor => ({ kind: 'user', id, roles: [], sessionId: 's' })

let place: Place
let store: Store
beforeAll(async () => {
  place = await makeSqlitePlace({ isVolatile: true })
  store = await place.open({ features: new URL('./test/features.ts', import.meta.url) })
})
afterAll(async () => {
  await store.close()
  await place.remove()
})

let count = 0
async function reserve(owner: string, more: { size?: number; facts?: object } = {}) {
  const { size = 10, facts = {} } = more
  const file = { kind: 'image', name: 'a.png', mime: 'image/png', size, maxUserBytes: MAX_USER_BYTES }
  const reply = await store.transact('reserveMedia', person(owner), {
    ...file,
    facts: { file: `file-${count++}`, ...facts },
  })
  return (reply as { id: string }).id
}
async function upload(owner: string, more: { size?: number; facts?: object } = {}) {
  const id = await reserve(owner, more)
  await store.transact('confirmMedia', person(owner), { id })
  return id
}
const attach = (ownerId: string, messageId: string, ...ids: string[]) =>
  store.transact('attach', SYSTEM, { ownerId, chatId: 'c', messageId, ids }) as Promise<Media[]>
const read = (user: string, id: string) => store.read('readableMedia', { id, user })
const sweep = async (unattachedMs = HOUR_MS) => {
  const { doomed } = (await store.transact('claimMedia', SYSTEM, { unattachedMs })) as { doomed: Doomed[] }
  return doomed
}
const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: Failure) => error.code,
  )

describe('a file', () => {
  it('goes into one message of its owner, with all that is known of it', async () => {
    const id = await upload('ann', {
      facts: { width: 4, height: 3, thumb: { file: 't', mime: 'image/png', size: 1 } },
    })
    expect(await attach('ann', 'open-1', id)).toEqual([
      {
        ...{ id, kind: 'image', name: 'a.png', mime: 'image/png', size: 10, width: 4, height: 3 },
        url: `/api/media/${id}`,
        thumbUrl: `/api/media/${id}?variant=thumb`,
      },
    ])
    expect(await refusal(attach('ann', 'open-2', id))).toBe('media_rejected')
  })

  it('cannot be used by somebody else, twice at once, before it is whole, or when there is none', async () => {
    const [first, second] = [await upload('ann'), await upload('ann')]
    expect(await refusal(attach('bob', 'm', first))).toBe('media_rejected')
    expect(await refusal(attach('ann', 'm', first, first))).toBe('media_rejected')
    expect(await refusal(attach('ann', 'm', await reserve('ann')))).toBe('media_rejected')
    expect(await refusal(attach('ann', 'm', first, 'unknown'))).toBe('media_rejected')
    expect(await attach('ann', 'm', first, second)).toHaveLength(2)
  })

  it('is read by its owner, and by who may read its message', async () => {
    const [open, closed, loose] = [await upload('ann'), await upload('ann'), await upload('ann')]
    await attach('ann', 'open-3', open)
    await attach('ann', 'closed', closed)
    for (const id of [open, closed, loose]) expect(await read('ann', id)).toMatchObject({ id, size: 10 })
    expect(await read('bob', open)).toMatchObject({ id: open })
    for (const id of [closed, loose, 'unknown', await reserve('bob')])
      expect(await read('bob', id)).toBeUndefined()
  })

  it('is read by nobody from the moment its message is deleted, and goes with the next sweep', async () => {
    const id = await upload('cleo', {
      facts: { file: 'big', thumb: { file: 'small', mime: 'image/png', size: 1 } },
    })
    await attach('cleo', 'open-4', id)
    expect(await sweep()).toEqual([])
    await store.transact('detach', SYSTEM, { messageId: 'open-4' })
    expect(await read('cleo', id)).toBeUndefined()
    expect(await refusal(attach('cleo', 'open-5', id))).toBe('media_rejected')
    expect(await sweep()).toEqual([{ id, files: ['big', 'small'] }])
    expect(await sweep(), 'until it is forgotten').toHaveLength(1)
    await store.transact('forgetMedia', SYSTEM, { ids: [id] })
    expect(await sweep()).toEqual([])
  })

  it('that no message took in time can be taken by none any more', async () => {
    const [kept, old] = [await upload('dan'), await upload('dan')]
    await attach('dan', 'open-6', kept)
    expect((await sweep(-1)).map(({ id }) => id)).toContain(old)
    expect(await refusal(attach('dan', 'open-7', old))).toBe('media_rejected')
    expect(await read('dan', kept)).toBeDefined()
  })

  it('goes with its owner', async () => {
    const ids = [await upload('eve'), await upload('eve')]
    await attach('eve', 'open-8', ids[0] ?? '')
    await store.transact('erase', SYSTEM, { user: 'eve' })
    for (const id of ids) expect(await read('bob', id)).toBeUndefined()
    expect((await sweep()).map(({ id }) => id)).toEqual(expect.arrayContaining(ids))
  })
})

describe('the space of a user', () => {
  it('is used up by many small files as well', async () => {
    for (let used = 0; used + 65_536 <= MAX_USER_BYTES; used += 65_536) await upload('fay')
    expect(await refusal(upload('fay'))).toBe('media_rejected')
    expect(await refusal(upload('fay', { size: MAX_USER_BYTES }))).toBe('media_rejected')
    expect(await upload('gus', { size: MAX_USER_BYTES })).toBeDefined()
  })

  it('comes back with a file that did not reach the media store', async () => {
    const id = await reserve('hal', { size: MAX_USER_BYTES })
    expect(await refusal(reserve('hal'))).toBe('media_rejected')
    await store.transact('giveUpMedia', person('hal'), { id })
    expect((await sweep()).map((one) => one.id)).toContain(id)
    await store.transact('forgetMedia', SYSTEM, { ids: [id] })
    expect(await store.read('bytesOfUser', { user: 'hal' })).toBe(0)
    expect(await upload('hal', { size: MAX_USER_BYTES })).toBeDefined()
  })
})

describe('a thumbnail', () => {
  const thumb = { file: 'small', mime: 'image/webp', size: 5 }
  const add = (owner: string, id: string) =>
    store.transact('reserveThumbnail', person(owner), { id, thumb }) as Promise<{ media: Media }>

  it('is added once, by the owner, before the file is posted', async () => {
    const [id, posted] = [await upload('ida'), await upload('ida')]
    await attach('ida', 'open-9', posted)
    expect(await refusal(add('bob', id))).toBe('not_found')
    expect(await refusal(add('ida', posted))).toBe('media_rejected')
    expect((await add('ida', id)).media.thumbUrl).toBe(`/api/media/${id}?variant=thumb`)
    expect(await refusal(add('ida', id))).toBe('media_rejected')
    await store.transact('giveUpThumbnail', person('ida'), { id })
    expect(await read('ida', id)).not.toHaveProperty('thumb')
  })
})
