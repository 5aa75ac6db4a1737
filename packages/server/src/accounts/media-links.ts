import { createSecretKey, type KeyObject } from 'node:crypto'
import { jwtVerify, SignJWT } from 'jose'
import type { Actor } from '../core/actor.ts'
import type { Clock } from '../core/context.ts'
import type { MediaLinks } from '../core/people.ts'
import { invalidToken, isTokenShaped, readClaims } from './claims.ts'
import { ISSUER, refuse } from './tokens.ts'

/** Works for media and nowhere else. Source: security.md §6. */
const LINK_TYPE = 'media+jwt'
/** Source: chat-presence.md §10. */
const LIFE_MS = 3_600_000

export interface MediaLinksOptions {
  /** The one that signs tokens. */
  secret: string
  clock: Clock
  /** @throws Failure `unauthorized` when session or account has ended */
  recheck(actor: Actor): Promise<Actor>
}

/** Links that stand for one user's right to ask for one file, for an hour and no longer than the session. */
export function createMediaLinks({ secret, clock, recheck }: MediaLinksOptions): MediaLinks {
  const key: KeyObject = createSecretKey(Buffer.from(secret))
  return {
    async sign({ id, sessionId }, mediaId) {
      const issuedAtS = Math.floor(clock() / 1000)
      const expiresAtMs = issuedAtS * 1000 + LIFE_MS
      const link = await new SignJWT({ sid: sessionId, mid: mediaId })
        .setProtectedHeader({ alg: 'HS256', typ: LINK_TYPE })
        .setIssuer(ISSUER)
        .setAudience(ISSUER)
        .setSubject(id)
        .setIssuedAt(issuedAtS)
        .setExpirationTime(expiresAtMs / 1000)
        .sign(key)
      return { link, expiresAtMs }
    },
    async open(link, mediaId) {
      if (!isTokenShaped(link)) throw invalidToken()
      const { payload } = await jwtVerify(link, key, {
        algorithms: ['HS256'],
        typ: LINK_TYPE,
        issuer: ISSUER,
        audience: ISSUER,
        requiredClaims: ['sub', 'sid', 'mid', 'iat', 'exp'],
        currentDate: new Date(clock()),
      }).catch(refuse)
      if (typeof payload.sid !== 'string' || payload.mid !== mediaId) throw invalidToken()
      const { userId } = readClaims(payload, clock())
      return recheck({ kind: 'user', id: userId, roles: [], sessionId: payload.sid })
    },
  }
}
