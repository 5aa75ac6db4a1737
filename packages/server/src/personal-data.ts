import { type CommandReply, Failure, type Item, type ParsedInput } from '@belfry/protocol'
import { deleteUser as deleteAccount } from './accounts/account-handlers.ts'
import { getMe } from './accounts/queries.ts'
import { eraseFromChats } from './chat/erase.ts'
import { exportChats, exportUserssages } from './chat/export.ts'
import type { Outside } from './chat/outside.ts'
import type { Actor } from './core/actor.ts'
import { listNotifications } from './inbox/list.ts'
import { deleteMediaOf } from './media/attach.ts'
import { mediaOf } from './media/reading.ts'
import type { Reader, Tx } from './store/store.ts'

type Reply = Omit<CommandReply<'exportUser'>, 'notifications'> & { notifications: Item[] }

const MESSAGES_PER_PAGE = 500
const NOTIFICATIONS_PER_PAGE = 100

/**
 * The pages of an export, one after the other; a place is the last id, or the list's own cursor, and empty at first.
 *
 *   messages ──► inbox ──► archive ──► snoozed ──► end
 */
const STAGES = ['messages', 'inbox', 'archive', 'snoozed'] as const
type Stage = (typeof STAGES)[number]
interface Cursor {
  stage: Stage
  place: string
}

const encode = ({ stage, place }: Cursor) => Buffer.from(`${stage}:${place}`).toString('base64url')

function decode(text: string | undefined): Cursor {
  if (text === undefined) return { stage: 'messages', place: '' }
  const [name, place = ''] = Buffer.from(text, 'base64url').toString().split(':')
  const stage = STAGES.find((one) => one === name)
  if (!stage)
    throw new Failure('validation_failed', { field: 'cursor', message: 'This cursor is not one of ours.' })
  return { stage, place }
}

/** Where to go on: in the same part, or at the beginning of the next. */
function nextOf(stage: Stage, place: string | null): string | null {
  if (place !== null) return encode({ stage, place })
  const next = STAGES[STAGES.indexOf(stage) + 1]
  return next ? encode({ stage: next, place: '' }) : null
}

/** Everything that is kept about a user, in pages: first what there is little of. */
export async function exportUser(
  reader: Reader,
  { user, cursor }: ParsedInput<'exportUser'> & { user: string },
): Promise<Reply> {
  const { stage, place } = decode(cursor)
  const first = cursor === undefined ? await basics(reader, user) : {}
  if (stage === 'messages') {
    const limit = MESSAGES_PER_PAGE
    const messages = await exportUserssages(reader, { user, after: place, limit })
    const last = messages.length === limit ? messages.at(-1)?.id : undefined
    return { ...first, messages, notifications: [], nextCursor: nextOf(stage, last ?? null) }
  }
  const page = await listNotifications(reader, {
    ...{ user, limit: NOTIFICATIONS_PER_PAGE, archived: stage === 'archive', snoozed: stage === 'snoozed' },
    ...(place === '' ? {} : { cursor: place }),
  })
  return { messages: [], notifications: page.notifications, nextCursor: nextOf(stage, page.nextCursor) }
}

const basics = async (reader: Reader, user: string) => ({
  account: (await getMe(reader, { user })).user,
  ...(await exportChats(reader, user)),
  media: await mediaOf(reader, user),
})

/** Deleting an account and erasing oneself are one thing: nothing that the user has said or owned is left. */
export function createErasure(outside: Outside) {
  async function deleteUser(tx: Tx, actor: Actor, input: ParsedInput<'deleteUser'>) {
    await eraseFromChats(tx, outside, input.id)
    await deleteMediaOf(tx, input.id)
    // Last, since it takes the topic away on which the user is told of the rest. It also judges whether all this may be.
    return deleteAccount(tx, actor, input)
  }
  return {
    deleteUser,
    async eraseUser(tx: Tx, actor: Actor) {
      if (actor.kind !== 'user') throw new Failure('unauthorized')
      return deleteUser(tx, actor, { id: actor.id })
    },
  }
}
