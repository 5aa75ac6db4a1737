import type { TokenReason } from '@belfry/client'
import type { Session } from './api.ts'

/** The login of a page for one sample person: nothing is kept, a reload signs in anew. */
export class SampleLogin {
  readonly #open: () => Promise<Session>
  #session: Promise<Session> | undefined

  constructor(open: () => Promise<Session>) {
    this.#open = open
  }

  /** @throws Error when the server has no such person */
  readonly getToken = async (reason: TokenReason): Promise<string> => {
    if (reason !== 'connect') this.#session = undefined
    this.#session ??= this.#open()
    try {
      return (await this.#session).token
    } catch (error) {
      this.#session = undefined
      throw error
    }
  }
}
