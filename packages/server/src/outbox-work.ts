import type { Context } from './core/context.ts'
import { namedUsers } from './core/execute.ts'
import type { People } from './core/people.ts'
import type { Work } from './core/timers.ts'
import type { Metrics } from './metrics.ts'
import { OutboxWork } from './outbox/work.ts'

interface Parts {
  context: Context
  people: Pick<People, 'ensure'>
  metrics: Pick<Metrics, 'failedInOutbox'>
}

/** Sending what apps have written in transactions of their own, under the rules of this server. */
export function createOutboxWork({ context, people, metrics }: Parts): (work: Work) => Promise<void> {
  const { store, log, config } = context
  // As for a command that is called: the people of an app with its own login are known to it alone.
  const isAnybodyKnown = config.auth === 'open' || config.external !== undefined
  const outbox = new OutboxWork({
    store,
    async ensureUsers(inputs) {
      if (isAnybodyKnown) await people.ensure(inputs.flatMap(namedUsers))
    },
    onFailed(id, reason) {
      metrics.failedInOutbox.inc()
      log.error({ event: 'outbox', id, reason }, 'a row of the outbox can never be sent')
    },
  })
  return (work) => outbox.run(work)
}
