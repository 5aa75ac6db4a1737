import { z } from 'zod'
import { flag, id, roleName } from '../text.ts'
import { nothing, row, scopes, writeInput } from './row.ts'

/** One `@`, no blanks or control characters, at most 254 characters; compared without regard to case. */
const email = z
  .string()
  .max(254)
  .regex(/^[^\s@\p{Cc}]+@[^\s@\p{Cc}]+$/u, 'Give one e-mail address')

/** Used exactly as sent; length is judged by the accounts feature, which answers `weak_password`. */
const password = z
  .string()
  .min(1)
  .refine((text) => new TextEncoder().encode(text).length <= 1024, 'At most 1024 bytes')

const user = z.object({ id: z.string(), email: z.string().nullable(), role: z.string() })
const fullUser = user.extend({ roles: z.array(z.string()), disabled: z.boolean() })
const apiKey = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.enum(scopes)),
  createdAt: z.string(),
  revokedAt: z.string().nullable(),
})
const session = z.object({ token: z.string(), expiresAt: z.string(), user })

/** Commands about people and keys. Source: contract.md §3, security.md §6. */
export const accountCommands = {
  register: row({
    summary: 'Make an account.',
    effect: 'write',
    rule: 'anyone',
    rest: { method: 'POST', path: '/api/auth/register', status: 201 },
    socket: false,
    input: z.strictObject({ email, password, role: roleName.optional() }),
    output: z.object({ user }),
  }),
  login: row({
    summary: 'Exchange e-mail and password for a token.',
    effect: 'write',
    rule: 'anyone',
    rest: { method: 'POST', path: '/api/auth/login' },
    socket: false,
    input: z.strictObject({ email: z.string().max(1024), password: z.string().max(4096) }),
    output: session,
  }),
  refreshToken: row({
    summary: 'Exchange a token that still holds for a fresh one of the same session.',
    effect: 'write',
    rule: 'user',
    rest: { method: 'POST', path: '/api/auth/refresh' },
    socket: true,
    input: z.strictObject({}),
    output: session,
  }),
  logout: row({
    summary: 'End this session, or with `everywhere` all of them.',
    effect: 'write',
    rule: 'user',
    rest: { method: 'POST', path: '/api/auth/logout' },
    socket: true,
    input: writeInput({ everywhere: flag.optional() }),
    output: nothing,
  }),
  changePassword: row({
    summary: 'Change the password; all other sessions end.',
    effect: 'write',
    rule: 'user',
    rest: { method: 'POST', path: '/api/auth/password' },
    socket: false,
    input: z.strictObject({ oldPassword: z.string().max(4096), newPassword: password }),
    output: nothing,
  }),
  getMe: row({
    summary: 'Who the token names.',
    effect: 'read',
    rule: 'user',
    rest: { method: 'GET', path: '/api/auth/me' },
    socket: true,
    input: z.strictObject({}),
    output: z.object({ user: fullUser }),
  }),
  updateUser: row({
    summary: 'Change roles, or disable and enable an account; works at once for open sockets.',
    effect: 'write',
    rule: 'admin',
    scope: 'users:manage',
    rest: { method: 'PATCH', path: '/api/users/:id' },
    socket: true,
    input: writeInput({ id, roles: z.array(roleName).min(1).max(20).optional(), disabled: flag.optional() }),
    output: z.object({ user: fullUser }),
  }),
  deleteUser: row({
    summary: 'Delete an account: its tokens end, its e-mail is free again.',
    effect: 'write',
    rule: 'admin',
    scope: 'users:manage',
    rest: { method: 'DELETE', path: '/api/users/:id' },
    socket: true,
    input: writeInput({ id }),
    output: nothing,
  }),
  createKey: row({
    summary: 'Make an API key; its secret is shown this once.',
    effect: 'write',
    rule: 'admin',
    rest: { method: 'POST', path: '/api/keys', status: 201 },
    socket: false,
    input: z.strictObject({ name: z.string().min(1).max(80), scopes: z.array(z.enum(scopes)).min(1) }),
    output: z.object({ key: apiKey.extend({ secret: z.string() }) }),
  }),
  listKeys: row({
    summary: 'All API keys, without their secrets.',
    effect: 'read',
    rule: 'admin',
    rest: { method: 'GET', path: '/api/keys' },
    socket: false,
    input: z.strictObject({}),
    output: z.object({ keys: z.array(apiKey) }),
  }),
  revokeKey: row({
    summary: 'End an API key at once.',
    effect: 'write',
    rule: 'admin',
    rest: { method: 'DELETE', path: '/api/keys/:id' },
    socket: false,
    input: writeInput({ id }),
    output: nothing,
  }),
}
