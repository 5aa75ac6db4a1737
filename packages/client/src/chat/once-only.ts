/** Ids that were told, in this tab; nothing brings one again after so many others. */
const MAX_IDS = 500

export class OnceOnly {
  readonly #ids = new Set<string>()

  /** True the first time. */
  take(id: string): boolean {
    if (this.#ids.has(id)) return false
    this.#ids.add(id)
    const [oldest] = this.#ids
    if (this.#ids.size > MAX_IDS && oldest !== undefined) this.#ids.delete(oldest)
    return true
  }
}
