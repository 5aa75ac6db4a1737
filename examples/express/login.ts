/** The login that this app had before: people of its own, and tokens that it signs itself. */
import { randomBytes } from 'node:crypto'
import type { NextFunction, Request, Response } from 'express'
import { jwtVerify, SignJWT } from 'jose'

export const issuer = 'shop'
export const audience = 'shop'
/** At least 32 bytes. A new one at each start ends all sessions, which is right for trying out. */
export const secret = process.env.SHOP_SECRET ?? randomBytes(32).toString('hex')

const key = new TextEncoder().encode(secret)
/** Sample people. An app compares hashes that it has stored. */
const passwords = new Map([
  ['ada', 'analytical'],
  ['grace', 'nanosecond'],
])

export async function login(request: Request, response: Response) {
  const { user, password }: { user?: unknown; password?: unknown } = request.body
  if (typeof user !== 'string' || passwords.get(user) !== password) return response.sendStatus(401)
  const token = await new SignJWT()
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject(user)
    .setIssuedAt()
    .setExpirationTime('8h')
    .sign(key)
  response.json({ token })
}

/** Lets nobody pass without a token. */
export async function signedIn(request: Request, response: Response, next: NextFunction) {
  const [, token = ''] = request.headers.authorization?.split(' ') ?? []
  const isValid = await jwtVerify(token, key, { issuer, audience, algorithms: ['HS256'] }).then(
    () => true,
    () => false,
  )
  if (isValid) next()
  else response.sendStatus(401)
}
