import type { z } from 'zod'

/** One thing an operator can set: its variable, what it means, and how its text is read. */
export interface Setting<S extends z.ZodType> {
  readonly env: string
  readonly summary: string
  readonly schema: S
  /** An empty text is a mistake here, not "unset", and the value is never shown. */
  readonly isSecret: boolean
}

export function setting<S extends z.ZodType>(env: string, summary: string, schema: S): Setting<S> {
  return { env, summary, schema, isSecret: false }
}

export function secret<S extends z.ZodType>(env: string, summary: string, schema: S): Setting<S> {
  return { env, summary, schema, isSecret: true }
}
