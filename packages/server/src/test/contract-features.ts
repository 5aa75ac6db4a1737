import { setTimeout as sleep } from 'node:timers/promises'
import { Failure } from '@belfry/protocol'
import type { Actor } from '../core/actor.ts'
import { append } from '../core/log.ts'
import { createTopic } from '../core/subscriptions.ts'
import { statement } from '../store/sql/statement.ts'
import type { Features, Reader, Tx } from '../store/store.ts'

interface Note {
  topic: string
  text: string
}

const entriesOf = statement<{ topic: string }>()((db, p) =>
  db.selectFrom('entry').select(['offset', 'data']).where('topic', '=', p.topic).orderBy('offset'),
)
const entryWithoutKind = statement<{ topic: string; now: number }>()((db, p) =>
  db
    .insertInto('entry')
    .values({ topic: p.topic, offset: 1_000_000, kind: null as never, data: '{}', at: p.now }),
)
const keys = statement<Record<string, never>>()((db) => db.selectFrom('idempotency').select('key'))

async function note(tx: Tx, _: Actor, { topic, text }: Note) {
  return { offset: await append(tx, topic, 'room.created', { id: text }), at: tx.now }
}

async function notesOf(reader: Reader, { topic }: { topic: string }) {
  const rows = await reader.all(entriesOf, { topic })
  return rows.map(({ offset, data }) => ({ offset, text: (JSON.parse(data ?? '{}') as { id: string }).id }))
}

/** The least that a store can run: notes in topics, and everything that can go wrong with one. */
export const features: Features = {
  handlers: {
    addTopic: (tx: Tx, _: Actor, { topic }: { topic: string }) => createTopic(tx, topic),
    note,
    async noteTwice(tx: Tx, actor: Actor, input: Note) {
      return [await note(tx, actor, input), await note(tx, actor, input)]
    },
    async noteAndRefuse(tx: Tx, actor: Actor, input: Note) {
      await note(tx, actor, input)
      throw new Failure('forbidden', { message: 'Refused.', field: 'text' })
    },
    async noteAndBreak(tx: Tx, actor: Actor, input: Note) {
      await note(tx, actor, input)
      throw new TypeError('a defect')
    },
    /** It never learns that what it wrote last was refused. */
    async noteAndWriteWrongly(tx: Tx, actor: Actor, input: Note) {
      await note(tx, actor, input)
      tx.write(entryWithoutKind, { topic: input.topic, now: tx.now })
    },
    async noteAndReadAfterAWrongWrite(tx: Tx, actor: Actor, input: Note) {
      tx.write(entryWithoutKind, { topic: input.topic, now: tx.now })
      return note(tx, actor, input)
    },
    /** A reply that no thread border lets through. */
    async noteAndReplyBadly(tx: Tx, actor: Actor, input: Note) {
      await note(tx, actor, input)
      return { reply: 1n }
    },
    /** What SQLite throws when the disk fails under a statement. */
    async noteAndLoseDisk(tx: Tx, actor: Actor, input: Note) {
      await note(tx, actor, input)
      throw Object.assign(new Error('disk I/O error'), { errcode: 10 })
    },
    newIds: async (tx: Tx, _: Actor, { count }: { count: number }) =>
      Array.from({ length: count }, () => tx.newId()),
  },
  queries: {
    notesOf,
    keys: async (reader: Reader) => (await reader.all(keys, {})).map((row) => row.key),
    async notesTwice(reader: Reader, input: { topic: string }) {
      const before = await notesOf(reader, input)
      await sleep(30)
      return [before, await notesOf(reader, input)]
    },
    async breakQuery() {
      throw new TypeError('a defect in a query')
    },
  },
}
