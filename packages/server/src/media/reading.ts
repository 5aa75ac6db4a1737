import type { Media } from '@belfry/protocol'
import type { Reader } from '../store/store.ts'
import { factsOf, type Thumbnail, toMedia } from './media-row.ts'
import { mediaRow, ownMedia } from './statements.ts'

/** A file that a user may have, as the door needs it to serve it. */
export interface ReadableMedia {
  id: string
  kind: Media['kind']
  name: string
  mime: string
  size: number
  file: string
  thumb: Thumbnail | undefined
}

/** Whether a user may read a message now; `features.ts` gives the rule that chat has. */
export type CanReadMessage = (
  reader: Reader,
  place: { user: string; chatId: string; messageId: string },
) => Promise<boolean>

/** All files of a user. */
export async function mediaOf(reader: Reader, owner: string): Promise<Media[]> {
  return (await reader.all(ownMedia, { owner })).map(toMedia)
}

/** Finds a file for its owner, and for who may read the message that carries it; for everyone else there is none. */
export function createReadableMedia(canReadMessage: CanReadMessage) {
  return async (
    reader: Reader,
    { id, user }: { id: string; user: string },
  ): Promise<ReadableMedia | undefined> => {
    const row = await reader.get(mediaRow, { id })
    if (!row) return undefined
    const { file, thumb, isWhole } = factsOf(row)
    if (isWhole !== true) return undefined
    const { chat_id: chatId, message_id: messageId } = row
    const isTheirs =
      row.owner_id === user ||
      (chatId !== null && messageId !== null && (await canReadMessage(reader, { user, chatId, messageId })))
    if (!isTheirs) return undefined
    // What the row holds was validated when it was written.
    const kind = row.kind as Media['kind']
    return { id, kind, name: row.name, mime: row.mime, size: row.size, file, thumb }
  }
}
