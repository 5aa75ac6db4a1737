import type { KeyObject } from 'node:crypto'
import { Failure } from '@belfry/protocol'
import { type CryptoKey, importJWK, type JWK } from 'jose'
import { z } from 'zod'
import type { Clock } from '../core/context.ts'

/** Source: security.md §6. */
const TIMEOUT_MS = 5000
const MIN_RSA_BITS = 2048
const MAX_BYTES = 64 * 1024
const FRESH_MS = 10 * 60 * 1000
const RELOAD_EVERY_MS = 30_000
/** After a failed load; long enough not to press a source that is down, short enough to be back soon after it. */
const RETRY_EVERY_MS = 2000

export interface VerificationKey {
  readonly key: CryptoKey | KeyObject | Uint8Array
  /** The one algorithm this key is used with. */
  readonly algorithm: 'HS256' | 'RS256' | 'ES256' | 'EdDSA'
}

export interface KeySetOptions {
  url: string
  clock: Clock
  fetch: typeof fetch
}

const document = z.object({
  keys: z.array(z.looseObject({ kty: z.string() })).max(100),
})

/**
 * Public keys of an issuer, by their id.
 *
 *   empty ──load──► fresh ──10 min, or an unknown id (at most every 30 s)──► loading ──► fresh
 *                                                                             └─ fails: `unavailable`
 */
export class KeySet {
  readonly #options: KeySetOptions
  #keys = new Map<string | undefined, VerificationKey>()
  #loadedAt = Number.NEGATIVE_INFINITY
  #triedAt = Number.NEGATIVE_INFINITY
  #hasFailed = false
  #loading: Promise<void> | undefined

  constructor(options: KeySetOptions) {
    this.#options = options
  }

  /**
   * The key of that id; without an id, the only key there is.
   * @throws Failure `unavailable` when the keys cannot be loaded
   */
  async find(kid: string | undefined): Promise<VerificationKey | undefined> {
    const now = this.#options.clock()
    const isFresh = now - this.#loadedAt < FRESH_MS
    const known = isFresh ? this.#lookUp(kid) : undefined
    if (known) return known
    const mayTry = now - this.#triedAt >= (isFresh ? RELOAD_EVERY_MS : RETRY_EVERY_MS)
    if (this.#loading || mayTry) await (this.#loading ?? this.#load())
    // Unknown is only what a working source does not know.
    else if (this.#hasFailed) throw unavailable()
    return this.#lookUp(kid)
  }

  #lookUp(kid: string | undefined): VerificationKey | undefined {
    if (kid !== undefined) return this.#keys.get(kid)
    return this.#keys.size === 1 ? this.#keys.values().next().value : undefined
  }

  #load(): Promise<void> {
    this.#triedAt = this.#options.clock()
    const loading = this.#fetchKeys()
      .then(
        (keys) => {
          this.#keys = keys
          this.#loadedAt = this.#options.clock()
          this.#hasFailed = false
        },
        (cause: unknown) => {
          this.#hasFailed = true
          throw Object.assign(unavailable(), { cause })
        },
      )
      .finally(() => {
        this.#loading = undefined
      })
    this.#loading = loading
    return loading
  }

  async #fetchKeys(): Promise<Map<string | undefined, VerificationKey>> {
    const response = await this.#options.fetch(this.#options.url, {
      headers: { accept: 'application/json' },
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    if (!response.ok) throw new Error(`The key source answered ${response.status}.`)
    const { keys } = document.parse(JSON.parse(await readBounded(response)))
    const found = new Map<string | undefined, VerificationKey>()
    for (const jwk of keys as JWK[]) {
      // The library checks every member it uses; the schema has only made sure that there are objects.
      const key = await importKey(jwk)
      const isNamed = jwk.kid === undefined || typeof jwk.kid === 'string'
      if (key && isNamed) found.set(jwk.kid, key)
    }
    return found
  }
}

async function readBounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    if (size > MAX_BYTES) throw new Error('The key source answered more than 64 KiB.')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

/** Keys of other kinds, and those meant for encryption, are passed over: they are nobody's mistake. */
async function importKey(jwk: JWK): Promise<VerificationKey | undefined> {
  const algorithm = algorithmOf(jwk)
  if (!algorithm || (jwk.alg !== undefined && jwk.alg !== algorithm)) return undefined
  if ((jwk.use !== undefined && jwk.use !== 'sig') || jwk.d !== undefined) return undefined
  try {
    const key = await importJWK(jwk, algorithm)
    return key instanceof Uint8Array || isWeak(key) ? undefined : { key, algorithm }
  } catch {
    // One broken key must not take the others away; a token that names it finds no key.
    return undefined
  }
}

function algorithmOf({ kty, crv }: JWK): Exclude<VerificationKey['algorithm'], 'HS256'> | undefined {
  if (kty === 'RSA') return 'RS256'
  if (kty === 'EC' && crv === 'P-256') return 'ES256'
  return kty === 'OKP' && crv === 'Ed25519' ? 'EdDSA' : undefined
}

/** RSA of fewer bits, or a key that is not for verifying: the library would only say so when it is used. */
function isWeak({ algorithm, usages }: CryptoKey): boolean {
  const bits = 'modulusLength' in algorithm ? Number(algorithm.modulusLength) : MIN_RSA_BITS
  return bits < MIN_RSA_BITS || !usages.includes('verify')
}

function unavailable(): Failure {
  return new Failure('unavailable', { retryAfterMs: RETRY_EVERY_MS })
}
