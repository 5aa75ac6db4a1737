/** Source: ui.md §5, Who makes noise. */
const MAX_IDS = 200

export type TabStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

/** Which ids have been claimed on this device; without storage, in this tab. */
export class ClaimLedger {
  readonly #storage: TabStorage | undefined
  readonly #prefix: string
  readonly #own = new Map<string, string[]>()

  constructor(storage: TabStorage | undefined, prefix: string) {
    this.#storage = storage
    this.#prefix = prefix
  }

  /** True the first time. */
  take(id: string, kind: string): boolean {
    const known = this.#read(kind)
    if (known.includes(id)) return false
    const ids = [...known, id].slice(-MAX_IDS)
    this.#own.set(kind, ids)
    try {
      this.#storage?.setItem(this.#prefix + kind, JSON.stringify(ids))
    } catch {
      // Full: what this tab remembers itself has to do.
    }
    return true
  }

  #read(kind: string): string[] {
    const own = this.#own.get(kind) ?? []
    try {
      const stored: unknown = JSON.parse(this.#storage?.getItem(this.#prefix + kind) ?? '[]')
      // A write of another tab may have lost one of ours.
      if (Array.isArray(stored)) return [...new Set<string>([...own, ...stored])]
    } catch {
      // Unreadable, so it is written anew.
    }
    return own
  }
}
