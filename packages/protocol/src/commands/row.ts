import { z } from 'zod'
import { idempotencyKey } from '../text.ts'

/** What an API key may be allowed to do. */
export const scopes = ['notifications:send', 'rooms:manage', 'users:manage', 'admin'] as const
export type Scope = (typeof scopes)[number]

/**
 * Who may call. `anyone`: no identity needed; `user`: a signed-in person, for himself; `admin`: role `admin`,
 * or an API key that holds the row's scope. There is no default: a row without a rule does not compile.
 */
export type Rule = 'anyone' | 'user' | 'admin'

export interface RestRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Path with `:name` parameters, which become fields of the input. */
  readonly path: string
  /** Status of success; 200 unless something was created. A reply with `created: false` or `duplicate: true` has 200. */
  readonly status?: 200 | 201
}

/** One command: everything the doors, the SDK, the client and the documentation need to know of it. */
export interface CommandRow<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly summary: string
  /** `write` runs in a transaction; `read` sees one snapshot; `live` is about what is going on now and is kept nowhere. */
  readonly effect: 'write' | 'read' | 'live'
  readonly rule: Rule
  readonly scope?: Scope
  readonly rest?: RestRoute
  /** Whether a socket may call it, under the command's name. */
  readonly socket: boolean
  readonly input: I
  readonly output: O
}

/** Keeps the exact schema types of a row. */
export function row<I extends z.ZodType, O extends z.ZodType>(
  definition: CommandRow<I, O>,
): CommandRow<I, O> {
  return definition
}

/** Input of a write: strict, and with the key that makes a repeat harmless. */
export function writeInput<S extends z.ZodRawShape>(shape: S) {
  return z.strictObject({ ...shape, idempotencyKey: idempotencyKey.optional() })
}

export const nothing = z.object({})
