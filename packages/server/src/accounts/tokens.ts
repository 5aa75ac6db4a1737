import { createSecretKey, type KeyObject } from 'node:crypto'
import { errors, jwtVerify, SignJWT } from 'jose'
import type { Clock } from '../core/context.ts'
import { BoundedMap } from './bounded-map.ts'
import { type Claims, claimedIssuer, invalidToken, isTokenShaped, LEEWAY_S, readClaims } from './claims.ts'

/** `iss` and `aud` of the tokens that this server signs. */
export const ISSUER = 'belfry'
/** Each purpose has a `typ` of its own and works nowhere else. Source: security.md §6. */
const ACCESS_TYPE = 'at+jwt'
/** Verified tokens are remembered up to this many characters: some 30 000 of our own. */
const MAX_REMEMBERED_CHARACTERS = 8 * 1024 * 1024
/** A key that its issuer withdraws stops working this soon: the same time as its key set is cached. */
const MAX_REMEMBERED_MS = 10 * 60 * 1000

export interface Verifier {
  /** @throws Failure `unauthorized`, or `unavailable` when the keys cannot be had */
  verify(token: string): Promise<Claims>
}

export interface TokenOptions {
  /** At least 32 bytes. */
  secret: string
  clock: Clock
  /** Who verifies tokens of another issuer. */
  external?: (Verifier & { readonly issuer: string }) | undefined
}

export interface TokenSubject {
  userId: string
  sessionId: string
  expiresAtMs: number
}

/** Signs and verifies access tokens. A token that was verified once costs a look-up. */
export class Tokens {
  readonly #key: KeyObject
  readonly #clock: Clock
  readonly #external: TokenOptions['external']
  readonly #verified = new BoundedMap<string, { claims: Claims; untilMs: number }>(
    MAX_REMEMBERED_CHARACTERS,
    (token) => token.length,
  )

  constructor({ secret, clock, external }: TokenOptions) {
    this.#key = createSecretKey(Buffer.from(secret))
    if ((this.#key.symmetricKeySize ?? 0) < 32) throw new Error('The signing secret has fewer than 32 bytes.')
    this.#clock = clock
    this.#external = external
  }

  sign({ userId, sessionId, expiresAtMs }: TokenSubject): Promise<string> {
    return new SignJWT({ sid: sessionId })
      .setProtectedHeader({ alg: 'HS256', typ: ACCESS_TYPE })
      .setIssuer(ISSUER)
      .setAudience(ISSUER)
      .setSubject(userId)
      .setIssuedAt(Math.floor(this.#clock() / 1000))
      .setExpirationTime(Math.floor(expiresAtMs / 1000))
      .sign(this.#key)
  }

  /**
   * Whether its session or user still exist is the directory's to say.
   * @throws Failure `unauthorized`, or `unavailable` when an external issuer's keys cannot be had
   */
  async verify(token: unknown): Promise<Claims> {
    const now = this.#clock()
    const known = typeof token === 'string' ? this.#verified.get(token) : undefined
    if (known && now < known.untilMs) return known.claims
    if (!isTokenShaped(token)) throw invalidToken()
    const issuer = claimedIssuer(token)
    const external = this.#external
    const claims = await (external && external.issuer === issuer ? external : this.#own).verify(token)
    const untilMs = Math.min(claims.expiresAtMs + LEEWAY_S * 1000, now + MAX_REMEMBERED_MS)
    this.#verified.set(token, { claims, untilMs })
    return claims
  }

  readonly #own: Verifier = {
    verify: async (token) => {
      const now = this.#clock()
      const { payload } = await jwtVerify(token, this.#key, {
        algorithms: ['HS256'],
        typ: ACCESS_TYPE,
        issuer: ISSUER,
        audience: ISSUER,
        requiredClaims: ['sub', 'sid', 'iat', 'exp'],
        clockTolerance: LEEWAY_S,
        currentDate: new Date(now),
      }).catch(refuse)
      if (typeof payload.sid !== 'string' || payload.sid === '') throw invalidToken()
      return { ...readClaims(payload, now), sessionId: payload.sid, roles: undefined }
    },
  }
}

/** Turns the library's refusals into ours; whatever else went wrong stays what it is. */
export function refuse(error: unknown): never {
  if (error instanceof errors.JOSEError || error instanceof SyntaxError) throw invalidToken()
  throw error
}
