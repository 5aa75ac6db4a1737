import type { Entry } from '@belfry/protocol'
import type { Compilable } from 'kysely'
import type { Builder, Statement } from '../store/sql/statement.ts'
import type { Tx } from '../store/store.ts'

/** A transaction that knows how much was changed in it at most: a write may have found nothing. */
export class CountingTx implements Tx {
  changes = 0
  readonly #tx: Tx

  constructor(tx: Tx) {
    this.#tx = tx
  }

  get now(): number {
    return this.#tx.now
  }

  get<P, R>(statement: Statement<P, R>, params: P): Promise<R | undefined> {
    return this.#tx.get(statement, params)
  }

  all<P, R>(statement: Statement<P, R>, params: P): Promise<R[]> {
    return this.#tx.all(statement, params)
  }

  query<R>(build: (db: Builder) => Compilable<R>): Promise<R[]> {
    return this.#tx.query(build)
  }

  async run<P, R>(statement: Statement<P, R>, params: P): Promise<number> {
    const changed = await this.#tx.run(statement, params)
    this.changes += changed
    return changed
  }

  write<P, R>(statement: Statement<P, R>, params: P): void {
    this.changes += 1
    this.#tx.write(statement, params)
  }

  newId(): string {
    return this.#tx.newId()
  }

  publish(entry: Entry, except?: string[]): void {
    this.changes += 1
    this.#tx.publish(entry, except)
  }
}
