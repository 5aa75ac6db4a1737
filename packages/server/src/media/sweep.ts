import type { Actor } from '../core/actor.ts'
import type { Tx } from '../store/store.ts'
import type { MediaFacts, Thumbnail } from './media-row.ts'
import { dueMedia, forgetRow, markDeleted } from './statements.ts'

/** Files one run may take, so that the command stays short; the timer comes again. */
const MAX_FILES = 200

/** A row whose files in the media store are to be removed. */
export interface Doomed {
  id: string
  files: string[]
}

const filesOf = ({ file, thumb }: { file: string; thumb?: Thumbnail | undefined }): string[] =>
  thumb === undefined ? [file] : [file, thumb.file]

/**
 * Finds files that nobody can want any more: of deleted messages, and uploaded ones that no message took. From then on
 * no message can take them; their rows stay until `forgetMedia`, so that a crash in between loses none.
 */
export async function claimMedia(
  tx: Tx,
  _: Actor,
  { unattachedMs }: { unattachedMs: number },
): Promise<{ doomed: Doomed[] }> {
  const rows = await tx.all(dueMedia, { before: tx.now - unattachedMs, limit: MAX_FILES })
  const doomed: Doomed[] = []
  for (const { id, facts, deleted_at } of rows) {
    if (deleted_at === null) tx.write(markDeleted, { id, now: tx.now })
    const stored: MediaFacts = JSON.parse(facts)
    doomed.push({ id, files: filesOf(stored) })
  }
  return { doomed }
}

/** The files are gone from the media store. */
export async function forgetMedia(tx: Tx, _: Actor, { ids }: { ids: string[] }): Promise<void> {
  for (const id of ids) tx.write(forgetRow, { id })
}
