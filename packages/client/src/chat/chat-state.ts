import type { Chat, Member } from '@belfry/protocol'
import type { ClientFailure } from '../client-failure.ts'
import type { LocalMessage } from './local-message.ts'

/** One moment of an open chat. Never changed in place: what is equal is the same object. */
export interface ChatState {
  readonly chat: Chat | undefined
  readonly members: readonly Member[]
  /** Ascending; own ones that are only here yet come last. */
  readonly messages: readonly LocalMessage[]
  /** Where the unread ones began when the user came to the chat. */
  readonly firstUnreadSeq: number | undefined
  /** Nothing is known yet: an empty list means nothing. */
  readonly isLoading: boolean
  /** What is shown was known before, and the server has not confirmed it. */
  readonly isStale: boolean
  readonly hasOlder: boolean
  /** Newer ones are not loaded; own ones that are only here wait until they are. */
  readonly hasNewer: boolean
  readonly isFetchingOlder: boolean
  readonly isFetchingNewer: boolean
  /** Why the chat, or its last page, did not come. */
  readonly error: ClientFailure | undefined
}
