import { Failure, type Media } from '@belfry/protocol'
import type { Actor } from '../core/actor.ts'
import type { MediaRow } from '../store/sql/chat-schema.ts'
import type { Reader, Tx } from '../store/store.ts'
import { factsOf, type MediaFacts, type Thumbnail, toMedia } from './media-row.ts'
import { bytesOf, insertMedia, MIN_COUNTED_BYTES, markDeleted, mediaRow, setFacts } from './statements.ts'

/** A file that was received whole and judged, and is not in the media store yet. */
export interface Reservation {
  kind: Media['kind']
  name: string
  mime: string
  size: number
  facts: MediaFacts
  maxUserBytes: number
}

function userOf(actor: Actor): string {
  if (actor.kind !== 'user') throw new Failure('unauthorized')
  return actor.id
}

export function noSpace(maxUserBytes: number): Failure {
  const megabytes = Math.round(maxUserBytes / 1_048_576)
  return new Failure('media_rejected', { message: `All your files together may take ${megabytes} MB.` })
}

/** Bytes that count against the user's space. */
export async function bytesOfUser(reader: Reader, { user }: { user: string }): Promise<number> {
  return Number((await reader.get(bytesOf, { owner: user }))?.bytes ?? 0)
}

/**
 * Keeps a place for a file before it goes to the media store: whatever happens then, the sweep knows of it.
 * @throws Failure `media_rejected` when the user's space is used up
 */
export async function reserveMedia(tx: Tx, actor: Actor, file: Reservation): Promise<{ id: string }> {
  const owner = userOf(actor)
  const counted = Math.max(file.size, MIN_COUNTED_BYTES)
  if ((await bytesOfUser(tx, { user: owner })) + counted > file.maxUserBytes) throw noSpace(file.maxUserBytes)
  const id = tx.newId()
  const { kind, name, mime, size, facts } = file
  tx.write(insertMedia, { id, owner, kind, name, mime, size, facts: JSON.stringify(facts), now: tx.now })
  return { id }
}

async function ownRow(tx: Tx, actor: Actor, id: string): Promise<MediaRow> {
  const row = await tx.get(mediaRow, { id })
  if (row?.owner_id !== userOf(actor)) throw new Failure('not_found')
  return row
}

async function change(tx: Tx, row: MediaRow, facts: Partial<MediaFacts>): Promise<{ media: Media }> {
  const changed = { ...row, facts: JSON.stringify({ ...factsOf(row), ...facts }) }
  tx.write(setFacts, { id: row.id, facts: changed.facts })
  return { media: toMedia(changed) }
}

/** The whole file is in the media store now. @throws Failure `not_found` */
export async function confirmMedia(tx: Tx, actor: Actor, { id }: { id: string }): Promise<{ media: Media }> {
  return change(tx, await ownRow(tx, actor, id), { isWhole: true })
}

/**
 * Keeps a place for a small picture of a file that is in no message yet.
 * @throws Failure `not_found`, or `media_rejected` when the file has one, or is in a message
 */
export async function reserveThumbnail(
  tx: Tx,
  actor: Actor,
  { id, thumb }: { id: string; thumb: Thumbnail },
): Promise<{ media: Media }> {
  const row = await ownRow(tx, actor, id)
  if (row.message_id !== null || factsOf(row).thumb !== undefined)
    throw new Failure('media_rejected', { message: 'A file gets one thumbnail, before it is posted.' })
  return change(tx, row, { thumb })
}

/** Gives back the place of a thumbnail that did not reach the media store. */
export async function giveUpThumbnail(tx: Tx, actor: Actor, { id }: { id: string }): Promise<void> {
  await change(tx, await ownRow(tx, actor, id), { thumb: undefined })
}

/** A file that did not reach the media store, or only perhaps: the next sweep removes what there is of it. */
export async function giveUpMedia(tx: Tx, actor: Actor, { id }: { id: string }): Promise<void> {
  await ownRow(tx, actor, id)
  tx.write(markDeleted, { id, now: tx.now })
}
