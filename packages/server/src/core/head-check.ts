import type { Hub } from './hub.ts'

export interface HeadCheckOptions {
  hub: Pick<Hub, 'positions' | 'positionOf' | 'check'>
  /** Of these positions those that the log has passed, with its heads there. */
  readPassed(positions: [string, number][]): Promise<[string, number][]>
  onError(error: unknown): void
}

/** Compares what the hub has shown with the store's heads: what was lost on the way is read from the log then. */
export class HeadCheck {
  readonly #options: HeadCheckOptions

  constructor(options: HeadCheckOptions) {
    this.#options = options
  }

  /** Every topic that somebody here hears. @throws what the store throws */
  async all(): Promise<void> {
    await this.#compare(this.#options.hub.positions)
  }

  /** The same at once, of some topics or of all; what fails is left to the next regular check. */
  now(topics?: readonly string[]): void {
    const { hub, onError } = this.#options
    const positions = topics?.flatMap((topic): [string, number][] => {
      const position = hub.positionOf(topic)
      return position === undefined ? [] : [[topic, position]]
    })
    this.#compare(positions ?? hub.positions).catch(onError)
  }

  async #compare(positions: [string, number][]): Promise<void> {
    if (positions.length === 0) return
    this.#options.hub.check(new Map(await this.#options.readPassed(positions)))
  }
}
