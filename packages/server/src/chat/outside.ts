import type { Media, Message } from '@belfry/protocol'
import type { Tx } from '../store/store.ts'

/** A notification that somebody was named in a message. */
export interface MentionNotice {
  /** `user:<id>` of who was named, or the chat's own topic for everyone in it. */
  topic: string
  /** Users of the topic who do not get it. */
  except: string[]
  sender: { id: string; name: string }
  preview: string
  message: Pick<Message, 'chatId' | 'id' | 'seq'>
}

/** What chat asks of other features, in its own transaction; `features.ts` gives it. */
export interface Outside {
  /** Resolves to the notification's id; undefined when there is no such topic. */
  tellMentioned(tx: Tx, notice: MentionNotice): Promise<string | undefined>
  /** The notification disappears for everyone. */
  withdraw(tx: Tx, itemId: string): Promise<void>
  readItems(tx: Tx, user: string, itemIds: string[]): Promise<void>
  /** The same files, with what rules may ask about those that are the owner's. */
  describeMedia<T extends object>(
    tx: Tx,
    ownerId: string,
    given: readonly T[],
  ): Promise<(T & { kind?: string; mime?: string })[]>
  /** @throws Failure `media_rejected` for files that are not the owner's, or are used already */
  attachMedia(
    tx: Tx,
    use: { ownerId: string; chatId: string; messageId: string; ids: string[] },
  ): Promise<Media[]>
  detachMedia(tx: Tx, messageId: string): Promise<void>
}
