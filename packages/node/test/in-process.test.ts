import { describe, expect, it } from 'vitest'
import { createBelfryClient, Failure, inProcess } from '../src/index.ts'

/** As thrown by a server that was bundled with its own copy of the class. */
class BundledFailure extends Error {
  override readonly name = 'Failure'
  readonly code = 'not_found'
  readonly details = { field: 'audience.user' }
}

function failing(error: Error) {
  let calls = 0
  const execute = async () => {
    calls += 1
    throw error
  }
  const client = createBelfryClient({ transport: inProcess({ execute }), wait: async () => {} })
  const call = client.notify({ audience: { user: 'x' }, message: 'Hi' })
  return { call, calls: () => calls }
}

describe('a failure of a server in this process', () => {
  it('is a Failure of ours, whichever copy of the class the server carries', async () => {
    const { call } = failing(new BundledFailure('No such user.'))
    await expect(call).rejects.toBeInstanceOf(Failure)
    await expect(call).rejects.toMatchObject({
      code: 'not_found',
      message: 'No such user.',
      details: { field: 'audience.user' },
    })
  })

  it('is repeated when that may help', async () => {
    const { call, calls } = failing(new Failure('unavailable'))
    await expect(call).rejects.toMatchObject({ code: 'unavailable' })
    expect(calls()).toBe(4)
  })

  it('stays what it is when it is no Failure', async () => {
    const error = new TypeError('a mistake')
    const { call, calls } = failing(error)
    expect(await call.catch((thrown: unknown) => thrown)).toBe(error)
    expect(calls()).toBe(1)
  })
})
