import { expect, it, vi } from 'vitest'
import { withPeople } from './test/with-people.ts'

const bench = await withPeople()

it('with an account everything goes that was sent to it alone, what came back from a snooze too', async () => {
  const { person, run, admin, work, dump } = bench
  const [gone, stays] = [await person(), await person()]
  const { actor } = await admin()
  const send = (users: string[], message: string) => run('notify', { audience: { users }, message }, actor)
  const { notification } = await send([gone.id], 'words for one')
  await send([gone.id, stays.id], 'words for two')
  const until = new Date(Date.now() + 50).toISOString()
  await run('snooze', { id: notification.id, until }, gone.actor)
  await vi.waitFor(async () => expect(await work('wakeItems', {})).toMatchObject({ woken: 1 }))
  expect(dump()).toContain('words for one')
  await run('deleteUser', { id: gone.id }, actor)
  expect(dump()).not.toContain('words for one')
  const { notifications } = await run('listNotifications', {}, stays.actor)
  expect(notifications).toMatchObject([{ message: 'words for two' }])
})
