import { type CommandName, type CommandRow, commands, Failure } from '@belfry/protocol'
import { type Actor, principalOf } from './actor.ts'
import { authorise } from './authorise.ts'
import type { Context, Origin, Procedure, Procedures } from './context.ts'

export type Execute = (name: CommandName, actor: Actor, input: unknown, origin: Origin) => Promise<unknown>

export interface ExecuteOptions {
  context: Context
  procedures: Procedures
  /** In open mode, and with tokens of another issuer, whoever is named becomes a user. */
  ensureUsers(ids: string[]): Promise<void>
  /** Called before a user's state is read, so that what is only in memory becomes part of it. */
  beforeRead(user: string, chatId: string | undefined): Promise<void>
}

/** The one path of every command: right, shape, then the procedure or the store. */
export function createExecute(options: ExecuteOptions): Execute {
  const { context, procedures } = options
  const { auth, external } = context.config
  const isOpen = auth === 'open'
  return async (name, actor, raw, origin) => {
    const row: CommandRow = commands[name]
    authorise(row, actor, isOpen)
    const input = parse(row, raw)
    if (isAudited(row))
      context.log.info(
        { event: 'admin', command: name, actor: principalOf(actor), address: origin.address },
        'admin act',
      )
    // The people of an app with its own login are known to it alone, and may be written to before they first come here.
    if (row.effect === 'write' && (isOpen || external)) await options.ensureUsers(namedUsers(input))
    const procedure = procedures[name] as Procedure | undefined
    if (procedure) return procedure(context, actor, input as never, origin)
    if (row.effect === 'live') throw new Error(`No procedure for ${name}`)
    if (row.effect === 'write') return context.store.transact(name, actor, input)
    const user = actor.kind === 'user' ? actor.id : undefined
    if (user !== undefined) await options.beforeRead(user, chatIn(input))
    return context.store.read(name, { ...input, user })
  }
}

/** Acts of admins are in the log; notifications tell themselves who has sent them. */
const isAudited = ({ rule, scope }: CommandRow): boolean => rule === 'admin' && scope !== 'notifications:send'

const chatIn = ({ chatId }: Record<string, unknown>): string | undefined =>
  typeof chatId === 'string' ? chatId : undefined

function parse(row: CommandRow, raw: unknown): Record<string, unknown> {
  const result = row.input.safeParse(raw)
  if (result.success) return result.data as Record<string, unknown>
  const [issue] = result.error.issues
  const field = issue?.path.join('.')
  throw new Failure('validation_failed', {
    message: issue && field ? `${field}: ${issue.message}` : (issue?.message ?? 'The input is not valid.'),
    ...(field ? { field } : {}),
  })
}

interface Naming {
  audience?: { user?: string; users?: string[] }
  userId?: string
  userIds?: string[]
  memberIds?: string[]
  notifications?: Naming[]
}

/** Everybody whom the input of a command names. */
export function namedUsers(input: object): string[] {
  const { audience, userId, userIds = [], memberIds = [], notifications = [] } = input as Naming
  return [
    ...(audience?.user === undefined ? [] : [audience.user]),
    ...(audience?.users ?? []),
    ...(userId === undefined ? [] : [userId]),
    ...userIds,
    ...memberIds,
    ...notifications.flatMap(namedUsers),
  ]
}
