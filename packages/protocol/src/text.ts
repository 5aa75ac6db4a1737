import { z } from 'zod'
import { isSafeLink } from './links.ts'

/** User, room and chat ids: letters, digits and `_ - . @ | +`, at most 128 long. They cannot hold `:`, so topics never collide. */
export const id = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[A-Za-z0-9_\-.@|+]+$/, 'Use letters, digits and _ - . @ | +')

/** Notification types: free text that starts with a letter or digit. */
export const typeName = z
  .string()
  .max(64)
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$/, 'Use letters, digits and _ . : -')

/** Role names; same grammar as ids, shorter. */
export const roleName = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[A-Za-z0-9_\-.]+$/, 'Use letters, digits and _ - .')

/** A printable ASCII key of 1–255 characters; kept for 7 days with the reply. */
export const idempotencyKey = z
  .string()
  .regex(/^[\x20-\x7e]{1,255}$/, 'Use 1 to 255 printable ASCII characters')

const INVISIBLE = /^[\s\p{Cf}\p{Cc}\p{Zs}\p{Mn}]*$/u

/** Text a person reads: at most `maxCodePoints`, not blank, stored as sent. NUL and lone surrogates are refused: no store keeps them exactly. */
export function visibleText(maxCodePoints: number) {
  return z
    .string()
    .max(maxCodePoints * 2)
    .refine((text) => text.isWellFormed() && !text.includes('\0'), 'Must be well-formed text without NUL')
    .refine((text) => [...text].length <= maxCodePoints, `At most ${maxCodePoints} characters`)
    .refine((text) => !INVISIBLE.test(text), 'Must not be blank')
}

/** Instants on the wire: ISO 8601, UTC, milliseconds. */
export const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text).toISOString())

/** `https:`, `http:` or a path on the same site, without user info; at most 2,048 characters. */
export const link = z
  .string()
  .max(2048)
  .refine(isSafeLink, 'Use an http(s) address or a path that starts with one /')

const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype'])

/** The app's own data: a JSON object up to 8 KiB, 8 levels and 100 keys per object. */
export const meta = z
  .record(z.string(), z.json())
  .refine((value) => fitsIn8KiB(value), 'At most 8 KiB')
  .refine((value) => isShallow(value, 8, 100), 'At most 8 levels and 100 keys, without reserved names')

function fitsIn8KiB(value: unknown): boolean {
  return new TextEncoder().encode(JSON.stringify(value)).length <= 8192
}

/** Whether a parsed JSON value stays within depth and key limits and holds no key that could pollute a prototype. */
export function isShallow(value: unknown, maxDepth: number, maxKeys: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  if (maxDepth === 0) return false
  const keys = Object.keys(value)
  if (keys.length > maxKeys && !Array.isArray(value)) return false
  return keys.every(
    (key) => !FORBIDDEN_KEYS.has(key) && isShallow(Reflect.get(value, key), maxDepth - 1, maxKeys),
  )
}

/** A page size that may arrive as text in a query. */
export function pageSize(fallback: number, max: number) {
  return z
    .union([
      z.int(),
      z
        .string()
        .regex(/^\d{1,6}$/)
        .transform(Number),
    ])
    .pipe(z.int().min(1).max(max))
    .default(fallback)
}

/** A flag that may arrive as text in a query. */
export const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')])
