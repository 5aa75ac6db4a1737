import { Failure } from '@belfry/protocol'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { Execute } from '../core/execute.ts'
import type { People } from '../core/people.ts'
import type { Store } from '../store/store.ts'

/** Sample people, who sign in with one click; ada may send to everyone. */
const SAMPLES = [
  { name: 'ada', id: 'ada', email: 'ada@playground.invalid', roles: ['admin', 'user'] },
  { name: 'grace', id: 'grace', email: 'grace@playground.invalid', roles: ['user'] },
] as const
const ROOM = 'lobby'
const SYSTEM = { kind: 'system' } as const
const HERE = { address: 'playground' }

export interface PlaygroundOptions {
  store: Store
  people: People
  execute: Execute
}

/** Routes of the page at `/` for trying out; only there while `PLAYGROUND` is on, which only loopback may be. */
export async function addPlayground(app: FastifyInstance, options: PlaygroundOptions): Promise<void> {
  await prepare(options)
  const users = SAMPLES.map(({ name, email, roles }) => ({ name, email, role: roles[0] }))
  app.get('/api/playground', () => ({ success: true, users, room: ROOM }))
  app.post('/api/playground/session', async (request) => {
    const input = z.strictObject({ name: z.enum(['ada', 'grace']) }).safeParse(request.body)
    const sample = SAMPLES.find(({ name }) => name === input.data?.name)
    if (!sample) throw new Failure('validation_failed', { field: 'name' })
    const { token } = await options.people.openSession(sample.id)
    const { id, email, roles } = sample
    return { success: true, token, user: { id, email, role: roles[0] } }
  })
}

async function prepare({ store, execute }: PlaygroundOptions): Promise<void> {
  for (const { id, roles } of SAMPLES) {
    await store.transact('ensureUsers', SYSTEM, { ids: [id], roles: [...roles] })
  }
  try {
    await execute('createRoom', SYSTEM, { id: ROOM }, HERE)
  } catch (error) {
    if (!(error instanceof Failure && error.code === 'already_exists')) throw error
  }
  for (const { id } of SAMPLES) await execute('addRoomMember', SYSTEM, { id: ROOM, userId: id }, HERE)
}
