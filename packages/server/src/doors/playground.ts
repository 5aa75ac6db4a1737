import { Failure } from '@belfry/protocol'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { Actor } from '../core/actor.ts'
import type { Execute } from '../core/execute.ts'
import type { People, SamplePerson } from '../core/people.ts'

/** Sample people, who sign in with one click; ada may send to everyone. */
const SAMPLES = [
  { name: 'ada', email: 'ada@playground.invalid', roles: ['admin', 'user'] },
  { name: 'grace', email: 'grace@playground.invalid', roles: ['user'] },
]
const ROOM = 'lobby'
const SYSTEM = { kind: 'system' } as const
const HERE = { address: 'playground' }

export interface PlaygroundOptions {
  people: People
  execute: Execute
}

/** Routes of the page at `/` for trying out; only there while `PLAYGROUND` is on, which only loopback may be. */
export async function addPlayground(
  app: FastifyInstance,
  { people, execute }: PlaygroundOptions,
): Promise<void> {
  const samples = new Map<string, SamplePerson>()
  for (const { name, ...person } of SAMPLES) samples.set(name, await people.sample(person))
  await prepareRoom(execute, [...samples.values()])
  const chat = await prepareChat(execute, [...samples.values()])
  const users = SAMPLES.map(({ name, email, roles: [role] }) => ({ name, email, role }))
  app.get('/api/playground', () => ({ success: true, users, room: ROOM, chat }))
  app.post('/api/playground/session', async (request) => {
    const input = z.strictObject({ name: z.string() }).safeParse(request.body)
    const user = users.find(({ name }) => name === input.data?.name)
    const sample = user && samples.get(user.name)
    if (!sample) throw new Failure('validation_failed', { field: 'name' })
    const { token } = await sample.openSession()
    return { success: true, token, user: { id: sample.id, email: user.email, role: user.role } }
  })
}

/** The chat of the two; a pair has one, so it is made once. */
async function prepareChat(execute: Execute, [opener, ...others]: SamplePerson[]): Promise<string> {
  if (!opener) throw new Error('The playground has no sample people.')
  const actor: Actor = { kind: 'user', id: opener.id, roles: [], sessionId: 'playground' }
  const reply = await execute('createChat', actor, { memberIds: others.map(({ id }) => id) }, HERE)
  return z.object({ chat: z.object({ id: z.string() }) }).parse(reply).chat.id
}

async function prepareRoom(execute: Execute, members: SamplePerson[]): Promise<void> {
  try {
    await execute('createRoom', SYSTEM, { id: ROOM }, HERE)
  } catch (error) {
    if (!(error instanceof Failure && error.code === 'already_exists')) throw error
  }
  for (const { id } of members) await execute('addRoomMember', SYSTEM, { id: ROOM, userId: id }, HERE)
}
