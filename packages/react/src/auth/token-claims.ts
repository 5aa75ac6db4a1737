/** What a token says about itself; nothing of it is verified here. */
export interface TokenClaims {
  userId?: string
  email?: string
  role?: string
  /** Milliseconds since 1970. */
  issuedAt?: number
  expiresAt?: number
}

const text = (value: unknown) => (typeof value === 'string' ? value : undefined)
const instant = (value: unknown) => (typeof value === 'number' ? value * 1000 : undefined)

/** Nothing for a token that is not a JWT. */
export function claimsOf(token: string): TokenClaims {
  try {
    const payload = (token.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/')
    const { sub, email, role, iat, exp } = JSON.parse(atob(payload)) as Record<string, unknown>
    const claims = {
      userId: text(sub),
      email: text(email),
      role: text(role),
      issuedAt: instant(iat),
      expiresAt: instant(exp),
    }
    // What is undefined is left out by the round trip.
    return JSON.parse(JSON.stringify(claims)) as TokenClaims
  } catch {
    return {}
  }
}

/** Whose token it is. One that cannot be read stands for a user of its own. */
export const userKeyOf = (token: string): string => claimsOf(token).userId ?? token

/** Half of the time that it was given; infinite for a token that does not tell. */
export function halfLifeMs(token: string): number {
  const { issuedAt = Number.NEGATIVE_INFINITY, expiresAt = Number.POSITIVE_INFINITY } = claimsOf(token)
  return (expiresAt - issuedAt) / 2
}
