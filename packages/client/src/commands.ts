import type { CommandInput, CommandName, CommandReply } from '@belfry/protocol'
import { ClientFailure } from './client-failure.ts'
import type { Clock } from './environment.ts'

/** Source: ui.md C7. */
const RETRY_MS = [1_000, 3_000, 10_000]

/** Commands that change nothing and so take no key. A test compares with the command table. */
const READS = /^(list|count|get|search|refresh|open|close|focus|watch|unwatch|setIdle|start|stop|test|media)/

const takesKey = (name: string): boolean => !READS.test(name)

export interface CommandsOptions {
  clock: Clock
  newId(): string
  /** @throws ClientFailure */
  ask(event: string, payload: unknown): Promise<unknown>
  isReady(): boolean
  /** Why waiting for the line is in vain, if it is. */
  refusal(): ClientFailure | undefined
}

interface Wait {
  isForLine: boolean
  resolve(): void
  reject(failure: ClientFailure): void
}

/** Commands with an answer in the end: they wait for the line, and repeat with the same key until somebody decides. */
export class Commands {
  readonly #options: CommandsOptions
  readonly #waits = new Set<Wait>()
  /** Why everything that had begun by then was given up. */
  #givenUp: ClientFailure | undefined

  constructor(options: CommandsOptions) {
    this.#options = options
  }

  /** @throws ClientFailure the server's refusal, or `not_confirmed` when four tries brought no answer */
  async run<N extends CommandName>(name: N, input: CommandInput<N>): Promise<CommandReply<N>> {
    const payload = takesKey(name) ? { idempotencyKey: this.#options.newId(), ...input } : input
    const before = this.#givenUp
    for (let tries = 0; ; tries += 1) {
      await this.#line(before)
      try {
        // The reply has the shape of the command's row: the server checks what it takes, the table says what it gives.
        return (await this.#options.ask(name, payload)) as CommandReply<N>
      } catch (error) {
        if (!(error instanceof ClientFailure) || !error.isRetried) throw error
        const delayMs = RETRY_MS[tries]
        if (delayMs === undefined) throw error.final
        // Without a line the next try begins when there is one; its own retries have waited already.
        if (error.code !== 'disconnected') await this.#wait(Math.max(delayMs, error.retryAfterMs ?? 0))
      }
    }
  }

  /** The line is ready: what waits for it goes on. */
  release(): void {
    for (const wait of this.#waits) if (wait.isForLine) wait.resolve()
  }

  /** Nothing that has begun will be sent any more. */
  rejectAll(failure: ClientFailure): void {
    this.#givenUp = failure
    for (const wait of this.#waits) wait.reject(failure)
  }

  async #line(before: ClientFailure | undefined): Promise<void> {
    const refusal = this.#givenUp === before ? this.#options.refusal() : this.#givenUp
    if (refusal) throw refusal
    if (!this.#options.isReady()) await this.#wait(undefined)
  }

  /** Until `ms` have passed, or without a number until the line is ready. */
  #wait(ms: number | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => {
        if (!this.#waits.delete(wait)) return
        cancel()
        settle()
      }
      const wait: Wait = {
        isForLine: ms === undefined,
        resolve: () => end(resolve),
        reject: (failure) => end(() => reject(failure)),
      }
      this.#waits.add(wait)
      const cancel = ms === undefined ? () => undefined : this.#options.clock.schedule(wait.resolve, ms)
    })
  }
}
