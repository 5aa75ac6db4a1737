import type { Clock } from './environment.ts'
import { type LocalStore, quietly } from './local-store.ts'

/** A burst of entries is one write; as often as the server is told of them (ui.md C4). */
const WRITE_EVERY_MS = 1_000

export interface LocalCopyOptions<T> {
  store: LocalStore
  clock: Clock
  key: string
  write(value: T): unknown
  /** Undefined: what is kept is of no use. */
  read(kept: unknown): T | undefined
}

/** What a device keeps of something for one user, to be shown at once next time. */
export class LocalCopy<T> {
  readonly #options: LocalCopyOptions<T>
  #value: T | undefined
  #cancelWrite: (() => void) | undefined

  constructor(options: LocalCopyOptions<T>) {
    this.#options = options
  }

  async read(): Promise<T | undefined> {
    const { store, key, read } = this.#options
    return read(await quietly(store.get(key)))
  }

  keep(value: T): void {
    if (value === this.#value) return
    this.#value = value
    this.#cancelWrite ??= this.#options.clock.schedule(() => this.flush(), WRITE_EVERY_MS)
  }

  flush(): void {
    if (!this.#cancelWrite || this.#value === undefined) return
    this.close()
    const { store, key, write } = this.#options
    void quietly(store.set(key, write(this.#value)))
  }

  /** What is not written is not written any more. */
  close(): void {
    this.#cancelWrite?.()
    this.#cancelWrite = undefined
  }
}
