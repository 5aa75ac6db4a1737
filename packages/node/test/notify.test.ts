import { describe, expect, it } from 'vitest'
import { Failure, notify } from '../src/index.ts'

/** A transaction that notes what is asked of it. */
function transaction() {
  const asked: { text: string; values: unknown[] }[] = []
  return {
    asked,
    async query(text: string, values: unknown[]) {
      asked.push({ text, values })
      return { rowCount: 1 }
    },
  }
}

describe('notify', () => {
  it('writes one row, through the connection that it is given', async () => {
    const client = transaction()
    const input = { audience: { user: 'ada' }, message: 'Paid', meta: { order: 17 } }
    expect(await notify(client, input)).toBeUndefined()
    expect(client.asked).toEqual([
      { text: 'insert into "belfry".outbox (input) values ($1)', values: [JSON.stringify(input)] },
    ])
  })

  it('writes to the schema that it is told', async () => {
    const client = transaction()
    await notify(client, { audience: { all: true }, message: 'Hi' }, { schema: 'inbox_2' })
    expect(client.asked[0]?.text).toContain('"inbox_2".outbox')
    for (const schema of ['a"; drop table orders; --', 'Upper', '', 'x'.repeat(64)]) {
      await expect(notify(client, { audience: { all: true }, message: 'Hi' }, { schema })).rejects.toThrow(
        TypeError,
      )
    }
    expect(client.asked).toHaveLength(1)
  })

  it.each([
    [{ message: 'To whom?' }, 'audience'],
    [{ audience: { user: 'ada' }, role: 'admin', message: 'Both' }, 'audience'],
    [{ audience: { user: 'ada' }, message: ' ' }, 'message'],
    [{ audience: { user: 'ada' }, message: 'x', priority: 'loud' as 'low' }, 'priority'],
  ])('refuses %j before anything is asked', async (input, field) => {
    const client = transaction()
    const refused = await notify(client, input).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(Failure)
    expect(refused).toMatchObject({ code: 'validation_failed', details: { field } })
    expect(client.asked).toEqual([])
  })

  it('lets through what the database says', async () => {
    const query = () => Promise.reject(new Error('permission denied for table outbox'))
    await expect(notify({ query }, { audience: { all: true }, message: 'Hi' })).rejects.toThrow(
      'permission denied',
    )
  })
})
