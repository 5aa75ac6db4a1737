import { created, online } from '@belfry/testkit/client'
import { expect, test } from 'vitest'

test('a listener that throws stops nobody, and one that is taken off hears no more', async () => {
  const errors: unknown[] = []
  const { error } = console
  console.error = (...words: unknown[]) => errors.push(words)
  try {
    const fake = await online()
    const off = fake.client.onItem(() => {
      throw new Error('my own fault')
    })
    const later: string[] = []
    fake.client.onItem(({ title }) => later.push(title))
    await fake.world.socket.entries(created(1))
    off()
    await fake.world.socket.entries(created(2))
    expect(later).toEqual(['Order 1', 'Order 2'])
    expect(fake.heard).toEqual(['Order 1', 'Order 2'])
    expect(errors).toHaveLength(1)
  } finally {
    console.error = error
  }
})

test('the same listener added twice is called twice, and taken off once', async () => {
  const fake = await online()
  let calls = 0
  const listener = () => {
    calls += 1
  }
  const off = fake.client.onItem(listener)
  fake.client.onItem(listener)
  await fake.world.socket.entries(created(1))
  expect(calls).toBe(2)
  off()
  off()
  await fake.world.socket.entries(created(2))
  expect(calls).toBe(3)
})
