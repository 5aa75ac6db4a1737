import { Failure, id } from '@belfry/protocol'
import { z } from 'zod'
import type { DialectSocket } from './event.ts'

/** Seeds name users by text; some of their stores count them. */
export const userId = z.union([id, z.int().min(0).transform(String)])

/** A user id that a client names never outranks the socket's own. Source: contract.md §8. */
export async function iAm(socket: DialectSocket, user: string): Promise<void> {
  if (socket.user === undefined) return socket.bind(user)
  if (socket.user !== user) throw new Failure('forbidden')
}

export async function onlyMe(socket: DialectSocket, user: string | undefined): Promise<void> {
  if (user !== undefined && socket.user !== user) throw new Failure('forbidden')
}
