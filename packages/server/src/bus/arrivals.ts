/** Topics that began to be heard, told of together a moment later: those who come together are looked up together. */
export class Arrivals {
  readonly #waiting = new Set<string>()
  #listener: (topics: readonly string[]) => void = () => {}
  #soon: NodeJS.Immediate | undefined

  onArrived(listener: (topics: readonly string[]) => void): void {
    this.#listener = listener
  }

  add(topic: string): void {
    this.#waiting.add(topic)
    this.#soon ??= setImmediate(() => this.#tell())
  }

  delete(topic: string): void {
    this.#waiting.delete(topic)
  }

  close(): void {
    clearImmediate(this.#soon)
    this.#waiting.clear()
    this.#listener = () => {}
  }

  #tell(): void {
    this.#soon = undefined
    const topics = [...this.#waiting]
    this.#waiting.clear()
    if (topics.length > 0) this.#listener(topics)
  }
}
