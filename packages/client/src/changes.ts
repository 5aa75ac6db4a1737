import type { Model } from './model.ts'
import type { Outbox } from './outbox.ts'
import type { ChangeName } from './queued-change.ts'

/** Source: the command table. */
const MAX_IDS = 100

export interface ChangesOptions {
  model: Model
  outbox: Outbox
  /** Server time, ISO 8601. */
  now(): string
  newId(): string
}

/** Own changes, as they go into the outbox. */
export class Changes {
  readonly #options: ChangesOptions

  constructor(options: ChangesOptions) {
    this.#options = options
  }

  make(name: ChangeName, ids: string[], until?: string): Promise<void> {
    const { model, outbox } = this.#options
    const returns = /^un[as]|^re/.test(name)
    const parts: Promise<void>[] = []
    for (let at = 0; at < ids.length; at += MAX_IDS) {
      const some = ids.slice(at, at + MAX_IDS)
      const items = returns ? some.map((id) => model.lastKnown(id)).filter((item) => item !== undefined) : []
      parts.push(outbox.add({ ...this.#stamp(), name, ids: some, items, until }))
    }
    return handled(Promise.all(parts).then(() => undefined))
  }

  markAllRead(category: string | undefined): Promise<void> {
    const { model, outbox } = this.#options
    const upTo = model.view.items[0]?.id
    if (upTo === undefined) return Promise.resolve()
    return handled(outbox.add({ ...this.#stamp(), name: 'markAllRead', upTo, category }))
  }

  #stamp(): { key: string; at: string } {
    const { newId, now } = this.#options
    return { key: newId(), at: now() }
  }
}

/** Who does not wait for it finds the failure in the state; it must not end a process. */
export function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined)
  return promise
}
