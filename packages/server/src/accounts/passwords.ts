import { Failure } from '@belfry/protocol'
import { hash, verify } from '@node-rs/argon2'
import { isCommonPassword } from './common-passwords.ts'

/** Source: security.md §7. Argon2id, a salt of 16 bytes and a tag of 32 are the library's own choice; a test holds it to that. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }
const PREFIX = '$argon2id$v=19$m=19456,t=2,p=1$'
const MAX_RUNNING = 2
const MAX_WAITING = 50
const MIN_CHARACTERS = 8
/** A full queue of 52 hashes of some 25 ms, two at a time, is empty after this. */
const RETRY_AFTER_MS = 1000

/** Hash of nothing anyone knows, at the same cost: what an unknown account is compared with. */
const NOBODY = `${PREFIX}c2FsdHNhbHRzYWx0c2FsdA$${'A'.repeat(42)}E`

export interface PasswordRules {
  /** Whether the commonest passwords are refused. */
  refusesCommon: boolean
}

/** Argon2id, at most two hashes at once: they take memory and a core each, and sign-in must not starve everything else. */
export class Passwords {
  readonly #rules: PasswordRules
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor(rules: PasswordRules) {
    this.#rules = rules
  }

  /** @throws Failure `weak_password` */
  assertStrong(password: string): void {
    if ([...password].length < MIN_CHARACTERS) throw new Failure('weak_password')
    if (this.#rules.refusesCommon && isCommonPassword(password)) {
      throw new Failure('weak_password', {
        message: 'This is one of the commonest passwords. Choose another.',
      })
    }
  }

  /** @throws Failure `unavailable` when too many wait already */
  hash(password: string): Promise<string> {
    return this.#inTurn(() => hash(Buffer.from(password), COST))
  }

  /** Whether the password belongs to the hash; the answer takes as long when there is no hash. */
  async isRight(password: string, known: string | undefined): Promise<boolean> {
    const isMatch = await this.#inTurn(() => verify(known ?? NOBODY, Buffer.from(password)))
    return isMatch && known !== undefined
  }

  /** Whether a hash was made at another cost than today's. */
  isOutdated(known: string): boolean {
    return !known.startsWith(PREFIX)
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= MAX_RUNNING) await this.#wait()
    else this.#running += 1
    try {
      return await work()
    } finally {
      // The turn is handed on, so that nobody who comes meanwhile can take it.
      const next = this.#waiting.shift()
      if (next) next()
      else this.#running -= 1
    }
  }

  #wait(): Promise<void> {
    if (this.#waiting.length >= MAX_WAITING) {
      return Promise.reject(new Failure('unavailable', { retryAfterMs: RETRY_AFTER_MS }))
    }
    return new Promise((resolve) => this.#waiting.push(resolve))
  }
}
