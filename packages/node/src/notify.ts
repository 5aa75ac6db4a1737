import { type CommandInput, commands, Failure } from '@belfry/protocol'

/** An open transaction of the app: a client of `pg`, or whatever else runs a text with values. */
export interface Queryable {
  query(text: string, values: unknown[]): PromiseLike<unknown>
}

export interface NotifyOptions {
  /** Where Belfry's tables are; `belfry` by default, as in `DATABASE_URL`. */
  schema?: string
}

/** What PostgreSQL takes for a name without folding or cutting it. */
const NAME = /^[a-z_][a-z0-9_]{0,62}$/

/**
 * Sends a notification if, and only if, the app's own transaction is committed: it writes one row to Belfry's outbox
 * through the app's connection, and the server sends it, once, a moment after the commit. What is sent is checked here;
 * what only the server can know, such as an unknown room, ends in the outbox with its reason.
 * @throws Failure `validation_failed`, with nothing written and the transaction still good
 * @example
 * import { notify } from '@belfry/node'
 *
 * async function placeOrder(client: { query(text: string, values?: unknown[]): Promise<unknown> }, owner: string) {
 *   await client.query('begin')
 *   await client.query('insert into orders (owner) values ($1)', [owner])
 *   await notify(client, { audience: { user: owner }, type: 'order:new', message: 'Your order was placed.' })
 *   await client.query('commit')
 * }
 */
export async function notify(
  client: Queryable,
  input: CommandInput<'notify'>,
  { schema = 'belfry' }: NotifyOptions = {},
): Promise<void> {
  if (!NAME.test(schema)) throw new TypeError(`${schema} is no name of a schema.`)
  const { error } = commands.notify.input.safeParse(input)
  if (error) throw refusalOf(error.issues[0])
  // Nothing is returned: a role that may only insert may not see what it has inserted.
  await client.query(`insert into "${schema}".outbox (input) values ($1)`, [JSON.stringify(input)])
}

function refusalOf(issue: { path: PropertyKey[]; message: string } | undefined): Failure {
  const field = issue?.path.map(String).join('.')
  const message = issue?.message ?? 'The input is not valid.'
  return field
    ? new Failure('validation_failed', { field, message: `${field}: ${message}` })
    : new Failure('validation_failed', { message })
}
