import { DatabaseSync } from 'node:sqlite'
import { Failure } from '@belfry/protocol'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { withPeople } from '../accounts/test/with-people.ts'
import { namedUsers } from '../core/execute.ts'
import { OutboxWork } from './work.ts'

const open = await withPeople({ RATE_LIMIT: 'off' })
/** As an app has it: a connection of its own to the same database. */
const app = new DatabaseSync(open.file, { timeout: 5000 })
afterAll(() => app.close())
beforeEach(() => app.exec('delete from outbox'))

const { fence } = (await open.system('claimLease', { name: 'work', holder: 'us' })) as { fence: number }
const send = (name: string, input: object) => open.system(name, { ...input, fence: { name: 'work', fence } })

const write = (...inputs: unknown[]) => {
  for (const input of inputs) {
    const text = typeof input === 'string' ? input : JSON.stringify(input)
    app.prepare('insert into outbox (input) values (?)').run(text)
  }
}
const left = () => app.prepare('select input, error from outbox order by id').all()
const messagesOf = async ({ actor }: { actor: Parameters<typeof open.run>[2] }): Promise<string[]> => {
  const { notifications } = await open.run('listNotifications', {}, actor)
  return notifications.map(({ message }: { message: string }) => message).reverse()
}

function outbox(work = send) {
  const failed: string[] = []
  const asked: unknown[] = []
  const outboxWork = new OutboxWork({
    store: open.store,
    ensureUsers: async (inputs) => void asked.push(inputs.flatMap(namedUsers)),
    onFailed: (_, error) => failed.push(error),
  })
  return { failed, asked, run: () => outboxWork.run(work) }
}

describe('the outbox', () => {
  it('sends what was written in the order of writing, and is empty then', async () => {
    const ada = await open.person()
    const texts = Array.from({ length: 250 }, (_, index) => `n${index}`)
    write(...texts.map((message) => ({ user_id: ada.id, message })))
    const { run, failed, asked } = outbox()
    await run()
    const sent = open.entries.filter(
      ({ kind, topic }) => kind === 'item.created' && topic === `user:${ada.id}`,
    )
    expect(sent.map(({ data }) => 'message' in data && data.message)).toEqual(texts)
    expect([left(), failed]).toEqual([[], []])
    expect(asked.flat()).toEqual(texts.map(() => ada.id))
  })

  it('sends a row once, also when two nodes have seen it', async () => {
    const ada = await open.person()
    write({ user_id: ada.id, message: 'once' })
    const rows = (await open.store.read('waitingInOutbox', { limit: 9 })) as { id: number }[]
    const ids = rows.map(({ id }) => id)
    await Promise.all([send('sendOutbox', { ids }), send('sendOutbox', { ids })])
    expect(await messagesOf(ada)).toEqual(['once'])
  })

  it('keeps a key of the app: the same in two transactions is one notification', async () => {
    const ada = await open.person()
    const input = { user_id: ada.id, message: 'keyed', idempotencyKey: `k ${ada.id}` }
    write(input, input, { ...input, message: 'other' })
    const { run, failed } = outbox()
    await run()
    expect(await messagesOf(ada)).toEqual(['keyed'])
    expect(failed).toEqual([expect.stringContaining('idempotency_conflict')])
  })

  it('sets aside what can never be sent, says why, and sends the others', async () => {
    const ada = await open.person()
    write(
      { user_id: ada.id, message: 'first' },
      'no json',
      { room: 'nowhere', message: 'x' },
      { audience: { users: [ada.id, 'nobody'] }, message: 'half' },
      { user_id: ada.id },
      { user_id: ada.id, message: 'last' },
    )
    const { run, failed } = outbox()
    await run()
    expect(await messagesOf(ada)).toEqual(['first', 'last'])
    expect(failed).toEqual([
      'validation_failed: input: This is not JSON.',
      expect.stringContaining('not_found'),
      expect.stringContaining('not_found'),
      expect.stringContaining('message'),
    ])
    expect(left().map(({ error }) => error)).toEqual(failed)
    await run()
    expect(failed).toHaveLength(4)
  })

  it('sends what was mended', async () => {
    const ada = await open.person()
    write({ room: `r-${ada.id}`, message: 'late' })
    const { run } = outbox()
    await run()
    const { actor: admin } = await open.admin()
    await open.run('createRoom', { id: `r-${ada.id}` }, admin)
    await open.run('addRoomMember', { id: `r-${ada.id}`, userId: ada.id }, admin)
    app.exec('update outbox set failed_at = null')
    await run()
    expect([await messagesOf(ada), left()]).toEqual([['late'], []])
  })

  it.each(['unavailable', 'outcome_unknown', 'forbidden'] as const)(
    'leaves everything where it is while the store says %s',
    async (code) => {
      const ada = await open.person()
      write({ user_id: ada.id, message: 'a' }, { user_id: ada.id, message: 'b' })
      const { run, failed } = outbox(() => Promise.reject(new Failure(code)))
      await expect(run()).rejects.toMatchObject({ code })
      expect([left().length, failed]).toEqual([2, []])
    },
  )

  it('tries five times what fails for no known reason, in its place, and then sets it aside', async () => {
    const ada = await open.person()
    write({ user_id: ada.id, message: 'bad' }, { user_id: ada.id, message: 'good' })
    const [bad] = (await open.store.read('waitingInOutbox', { limit: 1 })) as { id: number }[]
    const { run, failed } = outbox((name, input) => {
      const isBad = name === 'sendOutbox' && (input as { ids: number[] }).ids.includes(bad?.id ?? 0)
      return isBad ? Promise.reject(new Error('a defect')) : send(name, input)
    })
    for (let tries = 0; tries < 4; tries++) await expect(run()).rejects.toThrow('a defect')
    expect(await messagesOf(ada)).toEqual([])
    await run()
    expect([await messagesOf(ada), failed]).toEqual([['good'], ['a defect']])
  })
})
