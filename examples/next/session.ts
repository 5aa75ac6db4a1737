import { jwtVerify, SignJWT } from 'jose'
import { cookies } from 'next/headers'
import { audiences, issuer } from './issuer.ts'

const COOKIE = 'session'
const DAY_S = 24 * 3600
/** The client asks for another before it ends. */
const INBOX_TOKEN_S = 600

const key = () => new TextEncoder().encode(process.env.SESSION_SECRET)

function sign(user: string, audience: string, lifetimeS: number): Promise<string> {
  return new SignJWT()
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject(user)
    .setIssuedAt()
    .setExpirationTime(`${lifetimeS}s`)
    .sign(key())
}

/** Scripts cannot read the cookie; what Belfry's client gets is short-lived, and of no use for anything else. */
export const inboxToken = (user: string) => sign(user, audiences.inbox, INBOX_TOKEN_S)

export async function openSession(user: string): Promise<void> {
  const token = await sign(user, audiences.session, DAY_S)
  const jar = await cookies()
  jar.set(COOKIE, token, { httpOnly: true, sameSite: 'lax', maxAge: DAY_S, path: '/' })
}

export async function endSession(): Promise<void> {
  const jar = await cookies()
  jar.delete(COOKIE)
}

export async function signedInUser(): Promise<string | undefined> {
  const jar = await cookies()
  const token = jar.get(COOKIE)?.value
  if (token === undefined) return undefined
  const wanted = { issuer, audience: audiences.session, algorithms: ['HS256'] }
  const session = await jwtVerify(token, key(), wanted).catch(() => undefined)
  return session?.payload.sub
}
