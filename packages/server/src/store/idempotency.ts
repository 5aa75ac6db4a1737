import { createHash } from 'node:crypto'
import { Failure } from '@belfry/protocol'
import { type Actor, principalOf } from '../core/actor.ts'
import { statement } from './sql/statement.ts'
import type { Handler, Tx } from './store.ts'

interface Keyed {
  principal: string
  command: string
  key: string
}

const known = statement<Keyed>()((db, p) =>
  db
    .selectFrom('idempotency')
    .select(['hash', 'reply'])
    .where('principal', '=', p.principal)
    .where('command', '=', p.command)
    .where('key', '=', p.key),
)
const keep = statement<Keyed & { hash: string; reply: string; at: number }>()((db, p) =>
  db.insertInto('idempotency').values({
    principal: p.principal,
    command: p.command,
    key: p.key,
    hash: p.hash,
    reply: p.reply,
    at: p.at,
  }),
)

/**
 * Runs a handler once per (principal, command, key): a repeat with the same body gets the first reply and changes
 * nothing, one with another body is refused. Key and reply are kept in the handler's own transaction.
 */
export async function runOnce(
  tx: Tx,
  actor: Actor,
  command: string,
  input: unknown,
  handler: Handler,
): Promise<unknown> {
  const run = handler as Handler<unknown>
  if (!hasKey(input)) return run(tx, actor, input)
  const { idempotencyKey: key, ...body } = input
  const name = { principal: principalOf(actor), command, key }
  const hash = createHash('sha256').update(JSON.stringify(body)).digest('base64')
  const before = await tx.get(known, name)
  if (before && before.hash !== hash) throw new Failure('idempotency_conflict')
  if (before) return JSON.parse(before.reply)
  const reply = await run(tx, actor, body)
  tx.write(keep, { ...name, hash, reply: JSON.stringify(reply), at: tx.now })
  return reply
}

function hasKey(input: unknown): input is { idempotencyKey: string } {
  return (
    typeof input === 'object' &&
    input !== null &&
    'idempotencyKey' in input &&
    input.idempotencyKey !== undefined
  )
}
