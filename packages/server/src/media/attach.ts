import { Failure, type Media } from '@belfry/protocol'
import type { Reader, Tx } from '../store/store.ts'
import { factsOf, toMedia } from './media-row.ts'
import { attach, deleteByMessage, deleteByOwner, mediaRow } from './statements.ts'

export interface Attaching {
  ownerId: string
  chatId: string
  messageId: string
  ids: readonly string[]
}

/**
 * Gives uploaded files to a message, each to one only. To be called in the transaction that posts the message.
 * @throws Failure `media_rejected` for files that are not the owner's, are in a message already, or are not there
 */
export async function attachMedia(tx: Tx, { ownerId, chatId, messageId, ids }: Attaching): Promise<Media[]> {
  const media: Media[] = []
  for (const id of ids) {
    const row = await tx.get(mediaRow, { id })
    const isTaken =
      row !== undefined &&
      factsOf(row).isWhole === true &&
      (await tx.run(attach, { id, owner: ownerId, chat: chatId, message: messageId })) > 0
    if (!isTaken) {
      throw new Failure('media_rejected', {
        field: 'media',
        message: 'Upload the file first, and use it in one message.',
      })
    }
    media.push(toMedia(row))
  }
  return media
}

/** Adds kind and type to those of the given files that are the owner's; whether they can be used is not judged. */
export async function describeMedia<T extends object>(
  reader: Reader,
  ownerId: string,
  given: readonly T[],
): Promise<(T & { kind?: string; mime?: string })[]> {
  const described: (T & { kind?: string; mime?: string })[] = []
  for (const one of given) {
    const row = 'id' in one ? await reader.get(mediaRow, { id: String(one.id) }) : undefined
    described.push(row?.owner_id === ownerId ? { ...one, kind: row.kind, mime: row.mime } : one)
  }
  return described
}

/** The files of a deleted message: nobody can read them any more, and the next sweep removes them. */
export async function detachMedia(tx: Tx, messageId: string): Promise<void> {
  tx.write(deleteByMessage, { message: messageId, now: tx.now })
}

/** All files of a user who is erased. */
export async function deleteMediaOf(tx: Tx, user: string): Promise<void> {
  tx.write(deleteByOwner, { owner: user, now: tx.now })
}
