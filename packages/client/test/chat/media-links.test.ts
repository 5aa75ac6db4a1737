import { onlineChats, pass } from '@belfry/testkit/client'
import { expect, test } from 'vitest'

const answer = (name: string, expiresAt: string) => ({
  url: `/api/media/${name}?link=x`,
  thumbUrl: `/api/media/${name}?thumb=1&link=x`,
  expiresAt,
})

test('an address is asked for once while it lasts, and is one that a page of another site can load', async () => {
  const fake = await onlineChats()
  const asked = () => fake.world.socket.all('mediaLink')
  const both = [fake.chats.link('f1'), fake.chats.link('f1')]
  await fake.world.clock.advance(0)
  expect(asked().map(({ payload }) => payload)).toEqual([{ mediaId: 'f1' }])
  await asked()[0]?.ok(answer('f1', '2026-11-24T12:10:00.000Z'))
  expect(await Promise.all(both)).toEqual([
    {
      url: 'http://belfry.test/api/media/f1?link=x',
      thumbUrl: 'http://belfry.test/api/media/f1?thumb=1&link=x',
    },
    expect.anything(),
  ])
  await pass(fake, 4 * 60_000)
  await fake.chats.link('f1')
  expect(asked()).toHaveLength(1)
  await pass(fake, 2 * 60_000)
  const later = fake.chats.link('f1')
  await fake.world.clock.advance(0)
  expect(asked()).toHaveLength(2)
  await asked()[1]?.ok(answer('f1', '2026-11-24T12:30:00.000Z'))
  expect((await later).url).toContain('/api/media/f1')
})

test('an address that was refused is asked for again', async () => {
  const fake = await onlineChats()
  const refused = fake.chats.link('f1')
  await fake.world.clock.advance(0)
  await fake.world.socket.last('mediaLink').refuse('not_found')
  await expect(refused).rejects.toMatchObject({ code: 'not_found' })
  void fake.chats.link('f1')
  await fake.world.clock.advance(0)
  expect(fake.world.socket.all('mediaLink')).toHaveLength(2)
})
