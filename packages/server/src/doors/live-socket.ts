import type { Socket } from 'socket.io'
import type { LiveConnection } from '../core/context.ts'
import type { SharedPacket } from '../core/hearing.ts'
import { type Connection, eventPacket, shared } from './connection.ts'

/** By what is told, while it is being told. */
const packets = new WeakMap<object, SharedPacket>()

function packetOf(event: string, payload: object): SharedPacket {
  const known = packets.get(payload)
  if (known) return known
  const packet = shared(eventPacket(event, JSON.stringify(payload)))
  packets.set(payload, packet)
  return packet
}

/** An open socket as features know it: whoever waits for its end does so here, and not each with the engine. */
export function liveSocket(socket: Socket, connection: Connection, isNative: boolean): LiveConnection {
  const closers: (() => void)[] = []
  socket.conn.once('close', () => {
    for (const work of closers.splice(0)) work()
  })
  return {
    id: socket.id,
    isNative,
    tell(event, payload) {
      if (connection.isSlow) return false
      connection.write(packetOf(event, payload))
      return true
    },
    onClosed(work) {
      // Later, as it would be with an open one: the caller has not finished yet.
      if (socket.conn.readyState === 'closed') queueMicrotask(work)
      else closers.push(work)
    },
  }
}
