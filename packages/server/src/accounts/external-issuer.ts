import { createSecretKey, type KeyObject } from 'node:crypto'
import { Failure } from '@belfry/protocol'
import { decodeProtectedHeader, type JWTPayload, jwtVerify } from 'jose'
import { z } from 'zod'
import type { ExternalIssuer } from '../config.ts'
import type { Clock } from '../core/context.ts'
import { type Claims, invalidToken, LEEWAY_S, readClaims } from './claims.ts'
import { KeySet, type VerificationKey } from './key-set.ts'
import { refuse, type Verifier } from './tokens.ts'

const text = z.string().max(256).optional()
/** Types that say "access token" or nothing; a token for another purpose is refused. */
const TYPES = new Set([undefined, 'jwt', 'at+jwt', 'application/at+jwt'])

/** Verifies tokens of an issuer other than Belfry, with one algorithm per key, which the token never chooses. */
export class ExternalVerifier implements Verifier {
  readonly issuer: string
  readonly #settings: ExternalIssuer
  readonly #clock: Clock
  readonly #keyFor: (kid: string | undefined) => Promise<VerificationKey | undefined>

  constructor(settings: ExternalIssuer, clock: Clock, fetchKeys: typeof fetch = fetch) {
    this.issuer = settings.issuer
    this.#settings = settings
    this.#clock = clock
    this.#keyFor = source(settings, clock, fetchKeys)
  }

  async verify(token: string): Promise<Claims> {
    const { typ, kid } = headerOf(token)
    if (!TYPES.has(typ?.toLowerCase())) throw invalidToken()
    const found = await this.#keyFor(kid)
    if (!found) throw invalidToken()
    const now = this.#clock()
    const { payload } = await jwtVerify(token, found.key, {
      algorithms: [found.algorithm],
      issuer: this.#settings.issuer,
      audience: this.#settings.audience,
      requiredClaims: ['sub', 'iat', 'exp'],
      clockTolerance: LEEWAY_S,
      currentDate: new Date(now),
    }).catch(refuse)
    return { ...readClaims(payload, now), sessionId: undefined, roles: this.#rolesIn(payload) }
  }

  /** A claim counts for nothing unless the operator has given it one of our names. */
  #rolesIn(payload: JWTPayload): string[] | undefined {
    const { roleMap, roleClaim } = this.#settings
    if (!roleMap) return undefined
    const claim = claimAt(payload, roleClaim)
    const names: unknown[] = Array.isArray(claim) ? claim : typeof claim === 'string' ? claim.split(' ') : []
    const mapped = names.flatMap((name) => (typeof name === 'string' ? (roleMap.get(name) ?? []) : []))
    return [...new Set(mapped)].sort()
  }
}

function headerOf(token: string): { typ: string | undefined; kid: string | undefined } {
  try {
    const { typ, kid } = z.object({ typ: text, kid: text }).parse(decodeProtectedHeader(token))
    return { typ, kid }
  } catch {
    throw invalidToken()
  }
}

function source(settings: ExternalIssuer, clock: Clock, fetchKeys: typeof fetch) {
  if (settings.secret !== undefined) {
    const key: KeyObject = createSecretKey(Buffer.from(settings.secret))
    const shared: VerificationKey = { key, algorithm: 'HS256' }
    return async () => shared
  }
  if (settings.jwksUrl === undefined)
    throw new Failure('internal', { message: 'An external issuer has no key.' })
  const keys = new KeySet({ url: settings.jwksUrl, clock, fetch: fetchKeys })
  return (kid: string | undefined) => keys.find(kid)
}

/** The claim of that very name, as some issuers use addresses for names; else the path its dots describe. */
function claimAt(payload: JWTPayload, name: string): unknown {
  if (Object.hasOwn(payload, name)) return payload[name]
  return name.split('.').reduce<unknown>((value, part) => {
    return typeof value === 'object' && value !== null && Object.hasOwn(value, part)
      ? Reflect.get(value, part)
      : undefined
  }, payload)
}
