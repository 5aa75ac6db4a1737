import { Failure } from '@belfry/protocol'
import { accounts } from './accounts/index.ts'
import { fillMessages } from './chat/fill.ts'
import { createChatFeature } from './chat/index.ts'
import type { Outside } from './chat/outside.ts'
import { placeOf, readMessage } from './chat/place.ts'
import { markMessagesDelivered } from './chat/receipts.ts'
import { prepareChat } from './chat/settings.ts'
import type { Actor } from './core/actor.ts'
import type { Handed } from './core/handed.ts'
import { headsPassed, hearingOf } from './core/heads.ts'
import { fenced, leases } from './core/lease.ts'
import { retain } from './core/retention.ts'
import { rightsOf } from './core/rights.ts'
import { createSync } from './core/sync.ts'
import type { FeatureSettings } from './feature-settings.ts'
import { deliver } from './inbox/deliver.ts'
import { markDelivered } from './inbox/delivered.ts'
import { inbox } from './inbox/index.ts'
import { entriesAfter } from './inbox/log-entries.ts'
import { eraseNotification, notify } from './inbox/send.ts'
import { inboxSync } from './inbox/snapshot.ts'
import { markRead } from './inbox/state.ts'
import { attachMedia, describeMedia, detachMedia } from './media/attach.ts'
import { createMediaFeature } from './media/index.ts'
import { createOutboxFeature } from './outbox/index.ts'
import { createErasure, exportUser } from './personal-data.ts'
import { presence } from './presence/index.ts'
import { rooms } from './rooms/index.ts'
import { runOnce } from './store/idempotency.ts'
import type { Features, Handler, Reader, Tx } from './store/store.ts'

/** What is gone already need not be taken away. */
function unlessGone(error: unknown): void {
  if (!(error instanceof Failure) || error.code !== 'not_found') throw error
}

const outside: Outside = {
  async tellMentioned(tx, { topic, except, sender, preview, message }) {
    const { chatId, id: messageId, seq } = message
    const item = await deliver(tx, {
      topic,
      except,
      sender: `user:${sender.id}`,
      content: {
        type: 'mention',
        title: sender.name,
        message: preview || sender.name,
        actor: { id: sender.id, name: sender.name },
        meta: { chatId, messageId, seq },
      },
    })
    return item?.id
  },
  withdraw: eraseNotification,
  async readItems(tx, user, ids) {
    const actor: Actor = { kind: 'user', id: user, roles: [], sessionId: '' }
    await markRead(tx, actor, { ids }).catch(unlessGone)
  },
  describeMedia,
  attachMedia,
  detachMedia,
}
const chat = createChatFeature(outside)

/** A file is read by who may read the message that carries it: one rule for both. */
const media = createMediaFeature((reader, { user, chatId, messageId }) =>
  placeOf(reader, chatId, user)
    .then((place) => readMessage(reader, place, messageId))
    .then(
      () => true,
      (error) => {
        unlessGone(error)
        return false
      },
    ),
)

/** As the command itself: a key that the app gave holds here too. */
const outbox = createOutboxFeature((tx, actor, input) =>
  runOnce(tx, actor, 'notify', input, notify as Handler),
)

/** What sockets were handed, of notifications and of messages. */
async function markHanded(tx: Tx, actor: Actor, { handed }: { handed: Handed[] }): Promise<unknown> {
  await markDelivered(tx, actor, { handed })
  await markMessagesDelivered(tx, handed)
  return {}
}

/** What an operator has set, before anything runs. @throws Error when it cannot be used */
export async function prepare({ chat: settings }: FeatureSettings): Promise<void> {
  await prepareChat(settings)
}

/** What the server does by itself: of several nodes one at a time does it. */
const REGULAR_WORK = [
  'expireItems',
  'tellReceipts',
  'trimMessages',
  'forgetSessions',
  'claimMedia',
  'forgetMedia',
  'sendOutbox',
  'failOutboxRow',
]

/** What changes something, by the names of commands; whoever calls it is trusted to be the one whose work it is. */
export const handlers: Features['handlers'] = {
  ...accounts.handlers,
  ...inbox.handlers,
  ...rooms.handlers,
  ...chat.handlers,
  ...media.handlers,
  ...presence.handlers,
  ...outbox.handlers,
  ...createErasure(outside),
  markDelivered: markHanded,
  retain,
  ...leases.handlers,
}

/** Everything a store runs, by name. A store loads this module where its transactions run. */
export const features: Features = {
  handlers: fenced(REGULAR_WORK, handlers),
  queries: {
    ...accounts.queries,
    ...inbox.queries,
    ...rooms.queries,
    ...chat.queries,
    ...media.queries,
    exportUser,
    ...presence.queries,
    ...outbox.queries,
    sync: createSync({ ...inboxSync, fill: (reader, user, entries) => fillMessages(reader, entries, user) }),
    entriesAfter: async (reader: Reader, input: { topic: string; after: number }) =>
      fillMessages(reader, await entriesAfter(reader, input)),
    hearingOf,
    headsPassed,
    ...leases.queries,
    rightsOf,
  },
}
