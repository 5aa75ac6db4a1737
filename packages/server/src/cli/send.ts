import { randomUUID } from 'node:crypto'
import { type Audience, type CommandInput, Failure } from '@belfry/protocol'
import { type Command, Option } from 'commander'
import { print, remark, reported } from './outcome.ts'
import { addRemoteOptions, callServer, type Remote } from './remote.ts'

interface SendOptions extends Remote {
  user?: string[]
  role?: string
  room?: string
  all?: true
  title?: string
  message: string
  type?: string
  priority?: NonNullable<CommandInput<'notify'>['priority']>
  urlLink?: string
  meta?: string
  idempotencyKey?: string
}

/** `belfry send`: one notification through a running server; prints its id. */
export function registerSend(program: Command): void {
  const command = program
    .command('send')
    .description('Send one notification through a running server; prints its id.')
    .option('--user <id...>', 'one user, or several')
    .option('--role <name>', 'everyone who has the role')
    .option('--room <id>', 'the members of a room')
    .option('--all', 'every account')
    .option('--title <text>')
    .requiredOption('--message <text>')
    .option('--type <type>', 'such as order:new')
    .addOption(new Option('--priority <priority>').choices(['low', 'medium', 'high', 'urgent']))
    .option('--url-link <url>', 'where a click leads')
    .option('--meta <json>', 'data of your own, a JSON object')
    .option('--idempotency-key <key>', 'the same key again sends nothing twice')
  addRemoteOptions(command).action(reported(send))
}

async function send(options: SendOptions): Promise<void> {
  const { idempotencyKey = randomUUID() } = options
  const input = { ...contentOf(options), audience: audienceOf(options), idempotencyKey }
  try {
    const { notification } = await callServer(options, 'notify', input)
    print(notification.id)
  } catch (error) {
    if (error instanceof Failure && error.code === 'outcome_unknown') {
      remark(`To try again without sending twice: --idempotency-key ${idempotencyKey}`)
    }
    throw error
  }
}

function audienceOf({ user, role, room, all }: SendOptions): Audience {
  const [only = '', ...others] = user ?? []
  const named: Audience[] = [
    ...(user === undefined ? [] : [others.length === 0 ? { user: only } : { users: [only, ...others] }]),
    ...(role === undefined ? [] : [{ role }]),
    ...(room === undefined ? [] : [{ room }]),
    ...(all === undefined ? [] : [{ all }]),
  ]
  const [audience] = named
  if (audience === undefined || named.length > 1) {
    throw new Error('Name exactly one of --user, --role, --room and --all.')
  }
  return audience
}

function contentOf({ title, message, type, priority, urlLink: url, meta }: SendOptions) {
  const content = { title, message, type, priority, url }
  return meta === undefined ? content : { ...content, meta: readMeta(meta) }
}

function readMeta(text: string): NonNullable<CommandInput<'notify'>['meta']> {
  try {
    const value: unknown = JSON.parse(text)
    // JSON.parse makes nothing but JSON, which is what the schema asks for.
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, string>
  } catch {
    // Said below, as for JSON that is no object.
  }
  throw new Error('--meta must be a JSON object, such as {"orderId":17}.')
}
