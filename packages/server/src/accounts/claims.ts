import { Failure, id } from '@belfry/protocol'
import type { JWTPayload } from 'jose'

/** Source: security.md §6. */
export const LEEWAY_S = 60
const MAX_LIFE_S = 7 * 24 * 3600
const MAX_TOKEN_BYTES = 8192

/** What a verified token says. */
export interface Claims {
  readonly userId: string
  /** Belfry's own tokens name a session; those of an external issuer do not. */
  readonly sessionId: string | undefined
  readonly issuedAtMs: number
  readonly expiresAtMs: number
  /** Roles of an external issuer, under our names; undefined when roles come from the store. */
  readonly roles: readonly string[] | undefined
}

/** One text for every token that does not hold: why is nobody's business. */
export function invalidToken(): Failure {
  return new Failure('unauthorized', { message: 'Invalid token' })
}

/** The rules that libraries leave out: types, the grammar of `sub`, times that make sense. */
export function readClaims(
  payload: JWTPayload,
  nowMs: number,
): Pick<Claims, 'userId' | 'issuedAtMs' | 'expiresAtMs'> {
  const { sub, iat, exp } = payload
  if (!isNumber(iat) || !isNumber(exp) || !id.safeParse(sub).success || sub === undefined)
    throw invalidToken()
  if (iat > nowMs / 1000 + LEEWAY_S || exp <= iat || exp - iat > MAX_LIFE_S) throw invalidToken()
  return { userId: sub, issuedAtMs: iat * 1000, expiresAtMs: exp * 1000 }
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

/** Whether a text may be a token at all; cheap, before any cryptography. A signature has one spelling only. */
export function isTokenShaped(token: unknown): token is string {
  if (typeof token !== 'string' || token.length > MAX_TOKEN_BYTES) return false
  const signature = /^[\w-]+\.[\w-]+\.([\w-]+)$/.exec(token)?.[1]
  return signature !== undefined && Buffer.from(signature, 'base64url').toString('base64url') === signature
}

/** The issuer that a token names, unverified: it only chooses who is asked to verify. */
export function claimedIssuer(token: string): unknown {
  try {
    const payload: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
    return typeof payload === 'object' && payload !== null && 'iss' in payload ? payload.iss : undefined
  } catch {
    return undefined
  }
}
