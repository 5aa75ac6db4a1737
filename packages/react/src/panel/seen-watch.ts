/** Source of all: ui.md §5, States. */
const VISIBLE_SHARE = 0.5
const VISIBLE_MS = 1_000
const BATCH_MS = 1_000

/** Tells which rows have been half visible for a second in a visible document, in batches. */
export class SeenWatch {
  readonly #onSeen: (ids: string[]) => void
  readonly #timers = new Map<Element, ReturnType<typeof setTimeout>>()
  readonly #observer: IntersectionObserver
  #batch: string[] = []
  #flush: ReturnType<typeof setTimeout> | undefined

  constructor(root: Element, onSeen: (ids: string[]) => void) {
    this.#onSeen = onSeen
    this.#observer = new IntersectionObserver(
      (entries) => {
        for (const entry of entries) this.#look(entry)
      },
      {
        root,
        threshold: VISIBLE_SHARE,
      },
    )
  }

  /** @param row Unseen, with its id in `data-belfry-row` */
  watch(row: Element): void {
    this.#observer.observe(row)
  }

  unwatch(row: Element): void {
    this.#observer.unobserve(row)
    this.#forget(row)
  }

  close(): void {
    this.#observer.disconnect()
    for (const row of this.#timers.keys()) this.#forget(row)
    clearTimeout(this.#flush)
  }

  #look({ target, isIntersecting }: IntersectionObserverEntry): void {
    this.#forget(target)
    if (isIntersecting)
      this.#timers.set(
        target,
        setTimeout(() => this.#seen(target), VISIBLE_MS),
      )
  }

  #forget(row: Element): void {
    clearTimeout(this.#timers.get(row))
    this.#timers.delete(row)
  }

  #seen(row: Element): void {
    if (document.visibilityState !== 'visible') {
      this.#timers.set(
        row,
        setTimeout(() => this.#seen(row), VISIBLE_MS),
      )
      return
    }
    this.unwatch(row)
    const id = row.getAttribute('data-belfry-row')
    if (id) this.#batch.push(id)
    this.#flush ??= setTimeout(() => {
      this.#flush = undefined
      this.#onSeen(this.#batch.splice(0))
    }, BATCH_MS)
  }
}
