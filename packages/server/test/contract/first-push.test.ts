/** contract.md §7: every open socket gets every push, from the moment at which its client is told that it is connected. */
import { connected, type Note, type Person, register, sendTo } from '@belfry/testkit'
import { expect, it } from 'vitest'
import { useServer } from '../support/use-server.ts'

const context = useServer()
const PEOPLE = 40
const ROUNDS = 8

async function missedBy(person: Person): Promise<string[]> {
  const socket = await connected(context.server, person.auth, { transports: ['websocket'] })
  const notes = await Promise.all(['a', 'b', 'c'].map((message) => sendTo(context.admin, person, message)))
  const outcomes = await Promise.allSettled(
    notes.map((note) => socket.event<Note>('notification', ({ id }) => id === note.id)),
  )
  socket.close()
  return notes.filter((_, index) => outcomes[index]?.status === 'rejected').map(({ message }) => message)
}

it('a socket hears everything from the moment at which its client is connected', async () => {
  const people = await Promise.all(Array.from({ length: PEOPLE }, () => register(context.server)))
  // A store with work to do answers late: what lies between `connect` and the first push must not depend on it.
  let isBusy = true
  const busy = Array.from({ length: 8 }, async () => {
    while (isBusy) await sendTo(context.admin, context.admin, 'work')
  })
  const missed: string[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const all = await Promise.all(people.map(missedBy))
    missed.push(...all.flat().map((message) => `round ${round}: ${message}`))
  }
  isBusy = false
  await Promise.all(busy)
  expect(missed).toEqual([])
}, 60_000)
