import type { Actor } from '../../core/actor.ts'
import type { Features, Handler, Tx } from '../../store/store.ts'
import { type Attaching, attachMedia, deleteMediaOf, detachMedia } from '../attach.ts'
import { createMediaFeature } from '../index.ts'

/** Messages that anybody may read begin with `open`. */
const media = createMediaFeature(async (_, { messageId }) => messageId.startsWith('open'))

const handlers: Record<string, Handler> = {
  ...media.handlers,
  attach: (tx: Tx, _: Actor, input: Attaching) => attachMedia(tx, input),
  detach: (tx: Tx, _: Actor, { messageId }: { messageId: string }) => detachMedia(tx, messageId),
  erase: (tx: Tx, _: Actor, { user }: { user: string }) => deleteMediaOf(tx, user),
}

/** Media, and what chat and accounts call of it in their own transactions. */
export const features: Features = { handlers, queries: media.queries }
