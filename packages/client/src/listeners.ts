/** Told one after the other; one that throws is reported and stops nobody. */
export class Listeners<T> {
  readonly #listeners = new Set<(value: T) => void>()

  /** Answers what takes this listener off again, and only this one, however often it was added. */
  add(listener: (value: T) => void): () => void {
    const own = (value: T) => listener(value)
    this.#listeners.add(own)
    return () => void this.#listeners.delete(own)
  }

  tell(value: T): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(value)
      } catch (error) {
        console.error('A listener of the Belfry client failed.', error)
      }
    }
  }
}
