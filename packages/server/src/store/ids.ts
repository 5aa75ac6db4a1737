import { V7Generator } from 'uuidv7'

/** Random words, fetched a thousand at a time: one call to the system per id would cost more than the rest of it. */
class RandomWords {
  readonly #words = new Uint32Array(1024)
  #next = this.#words.length

  nextUint32(): number {
    if (this.#next === this.#words.length) {
      crypto.getRandomValues(this.#words)
      this.#next = 0
    }
    return this.#words[this.#next++] ?? 0
  }
}

/** Ids that only grow: the clock gives the leading part when it is ahead, and is ignored when it has gone back. */
export class Ids {
  readonly #generator = new V7Generator(new RandomWords())
  #lastMs: number

  constructor(newestId: string | undefined) {
    this.#lastMs = newestId ? Number.parseInt(newestId.replace('-', '').slice(0, 12), 16) + 1 : 0
  }

  next(now: number): string {
    this.#lastMs = Math.max(this.#lastMs, now)
    return this.#generator.generateOrResetCore(this.#lastMs, 0).toString()
  }
}

/** Of the tables that are listed by id. */
export const NEWEST_ID =
  'select max(id) as id from (select max(id) as id from item union all select max(id) from message) as newest'
