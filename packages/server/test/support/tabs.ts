/** What the tabs of the seeds' clients must show once a fault has ended. */
import { list, messagesOf, type Note, type Person, unread } from '@belfry/testkit'
import { expect } from 'vitest'
import type { SeedTab } from './seed-clients.ts'

const PUSHES = /^(notification|send_notification|new-notification)$/

/** No notification was pushed twice to this tab, over all of its connections. */
export function expectPushedOnce(tab: SeedTab): void {
  const ids = tab.socket.events
    .filter(({ name }) => PUSHES.test(name))
    .map(({ args }) => (args[0] as Note).id)
  expect(ids.length).toBe(new Set(ids).size)
}

/** Connected, and not moving to another transport: until it has moved, the framework's client sends nothing. */
function isOnLine({ socket: { socket } }: SeedTab): boolean {
  const { engine } = socket.io
  // Private in its types, and the only sign of it.
  return socket.connected && Reflect.get(engine, 'upgrading') !== true
}

/** After the fault: connected again, reloaded, and in step with the server's list and count. */
export async function expectStep(person: Person, tab: SeedTab): Promise<void> {
  await expect.poll(() => isOnLine(tab), { timeout: 10_000 }).toBe(true)
  await tab.settled()
  await tab.load()
  const listed = await list(person)
  const newest = tab.shown.slice(0, listed.length)
  expect(messagesOf(newest)).toEqual(messagesOf(listed))
  expectPushedOnce(tab)
  const socketCount = await tab.socket.ack('get-unread-count', person.id)
  expect(socketCount.ok).toBe(true)
  const counts = tab.socket.all<{ count: number }>('unread-count')
  expect(counts.at(-1)).toEqual({ count: await unread(person) })
}
