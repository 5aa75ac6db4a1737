import { z } from 'zod'
import { id } from '../text.ts'
import { nothing, row, writeInput } from './row.ts'

/** Commands about rooms as audiences. Source: contract.md §5. */
export const roomCommands = {
  createRoom: row({
    summary: 'Make a room.',
    effect: 'write',
    rule: 'admin',
    scope: 'rooms:manage',
    rest: { method: 'POST', path: '/api/rooms', status: 201 },
    socket: true,
    input: writeInput({ id }),
    output: z.object({ room: z.object({ id }) }),
  }),
  addRoomMember: row({
    summary: 'Add a member; repeats change nothing; works at once for open sockets.',
    effect: 'write',
    rule: 'admin',
    scope: 'rooms:manage',
    rest: { method: 'PUT', path: '/api/rooms/:id/members/:userId' },
    socket: true,
    input: writeInput({ id, userId: id }),
    output: nothing,
  }),
  removeRoomMember: row({
    summary: 'Remove a member, who keeps what was received; works at once for open sockets.',
    effect: 'write',
    rule: 'admin',
    scope: 'rooms:manage',
    rest: { method: 'DELETE', path: '/api/rooms/:id/members/:userId' },
    socket: true,
    input: writeInput({ id, userId: id }),
    output: nothing,
  }),
}
