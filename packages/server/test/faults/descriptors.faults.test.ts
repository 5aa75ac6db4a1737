/** reliability.md X40: out of file descriptors; and X25 at the size of `STORM_CLIENTS`. */

import type { Socket } from 'node:net'
import {
  admin,
  connect,
  connected,
  eventually,
  hold,
  http,
  register,
  sendTo,
  startServer,
} from '@belfry/testkit'
import { expect, it } from 'vitest'

it('out of file descriptors new connections are refused, old ones live, and it recovers', async () => {
  const server = await startServer({ wrap: ['bash', '-c', 'ulimit -n 256; exec "$@"', 'bash'] })
  const held: Socket[] = []
  try {
    const [sender, person] = [await admin(server), await register(server)]
    const socket = await connected(server, person.auth, { transports: ['websocket'] })
    for (let number = 0; number < 400; number++) {
      const connection = await hold(server.port).catch(() => undefined)
      connection?.on('error', () => undefined)
      if (connection !== undefined) held.push(connection)
    }
    expect(server.isAlive).toBe(true)
    // The line that is open already is served; what it carries needs no new descriptor.
    expect(await socket.ack('get-unread-count', person.id)).toMatchObject({ ok: true })
    for (const connection of held.splice(0)) connection.destroy()
    await eventually(
      'the server takes new connections again',
      async () => (await http(server).get('/api/health')).status === 200,
      10_000,
    )
    const note = await sendTo(sender, person, 'after the shortage')
    await socket.event<{ id: string }>('notification', ({ id }) => id === note.id)
    await connect(server, person.auth).connected()
  } finally {
    for (const connection of held) connection.destroy()
    await server.close()
  }
}, 60_000)
