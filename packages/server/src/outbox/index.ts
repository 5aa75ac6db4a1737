import { commands, Failure, type ParsedInput } from '@belfry/protocol'
import type { Actor } from '../core/actor.ts'
import type { Features, Reader, Tx } from '../store/store.ts'
import { failRow, removeRow, waitingRow, waitingRows } from './statements.ts'

/** What an app has written in a transaction of its own, to be sent once that was committed. */
export interface OutboxRow {
  id: number
  /** JSON of the input of `notify`, as the app wrote it. */
  input: string
}

/** Runs the command as if the app had called it. */
export type Send = (tx: Tx, actor: Actor, input: ParsedInput<'notify'>) => Promise<unknown>

/**
 * What a row says. Apps may write it without our SDK, so nothing is believed.
 * @throws Failure `validation_failed`
 */
export function parseRow({ input }: Pick<OutboxRow, 'input'>): ParsedInput<'notify'> {
  const { data, error } = commands.notify.input.safeParse(parseJson(input))
  if (data) return data
  const [issue] = error.issues
  const field = issue?.path.join('.')
  throw new Failure('validation_failed', {
    message: field ? `${field}: ${issue?.message}` : (issue?.message ?? 'The input is not valid.'),
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Failure('validation_failed', { message: 'input: This is not JSON.' })
  }
}

/**
 * The rows that apps leave in the outbox, in the order in which they were written. A row and its notification change places
 * in one commit: whatever dies meanwhile, there is always exactly one of the two.
 */
export function createOutboxFeature(send: Send): Features {
  async function sendOutbox(tx: Tx, actor: Actor, { ids }: { ids: number[] }) {
    for (const id of ids) {
      const row = await tx.get(waitingRow, { id })
      if (row && (await tx.run(removeRow, { id })) > 0) await send(tx, actor, parseRow(row))
    }
    return {}
  }
  /** A row that can never be sent stays, with the reason, until somebody mends or removes it. */
  async function failOutboxRow(tx: Tx, _: Actor, { id, error }: { id: number; error: string }) {
    tx.write(failRow, { id, error, at: tx.now })
    return {}
  }
  const waitingInOutbox = (reader: Reader, input: { limit: number }): Promise<OutboxRow[]> =>
    reader.all(waitingRows, input)

  return { handlers: { sendOutbox, failOutboxRow }, queries: { waitingInOutbox } }
}
