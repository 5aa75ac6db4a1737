/** Forged tokens: a genuine one taken apart, changed and signed again, so that only the change is at fault. */
import { createHmac } from 'node:crypto'

export type Claims = Record<string, unknown>

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const decode = (part: string | undefined): Claims =>
  JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8')) as Claims

export function readToken(token: string): { header: Claims; payload: Claims } {
  const [header, payload] = token.split('.')
  return { header: decode(header), payload: decode(payload) }
}

export interface Forgery {
  /** Overrides; `undefined` takes a field out. */
  header?: Claims
  payload?: Claims
  secret: string
  hash?: 'sha256' | 'sha384' | 'sha512'
}

/** A token with the given changes, signed by HMAC with `secret`. */
export function forgeToken(
  genuine: string,
  { header = {}, payload = {}, secret, hash = 'sha256' }: Forgery,
): string {
  const parts = readToken(genuine)
  const signed = `${encode({ ...parts.header, ...header })}.${encode({ ...parts.payload, ...payload })}`
  return `${signed}.${createHmac(hash, secret).update(signed).digest('base64url')}`
}

/** A token that claims `alg` and carries no signature. */
export function unsignedToken(genuine: string, alg: string): string {
  const parts = readToken(genuine)
  return `${encode({ ...parts.header, alg })}.${encode(parts.payload)}.`
}

/** The token with one bit of one part changed (0 header, 1 payload, 2 signature). */
export function flipBit(token: string, part: 0 | 1 | 2): string {
  const parts = token.split('.')
  const bytes = Buffer.from(parts[part] ?? '', 'base64url')
  // The middle byte: the last one's low bits may be padding that base64url drops.
  const at = Math.floor(bytes.length / 2)
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at)
  parts[part] = bytes.toString('base64url')
  return parts.join('.')
}
