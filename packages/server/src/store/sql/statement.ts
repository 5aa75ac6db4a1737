import {
  type Compilable,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type RawBuilder,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} from 'kysely'
import type { Schema } from './schema.ts'

export type SqlValue = string | number | null
export type Builder = Kysely<Schema>

/** One builder per database; it compiles and never runs. */
export const builders: Record<'sqlite' | 'postgres', Builder> = {
  sqlite: new Kysely<Schema>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  }),
  postgres: new Kysely<Schema>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  }),
}

class Placeholder {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

type Params<P> = { readonly [K in keyof P]: RawBuilder<P[K]> }

export interface CompiledStatement {
  readonly sql: string
  /** Values in the order of the question marks: fixed ones, or the name of a parameter. */
  bind(params: object): SqlValue[]
}

/**
 * SQL written once. It is compiled on first use, once per database, and only bound afterwards:
 * building a query with Kysely costs more than running it.
 */
export interface Statement<P, R> {
  compiled(database: 'sqlite' | 'postgres'): CompiledStatement
  /** Carries the types; never present at run time. */
  readonly types?: { params: P; row: R }
}

/**
 * @example
 * const headOf = statement<{ topic: string }>()((db, p) =>
 *   db.selectFrom('topic').select('head').where('topic', '=', p.topic))
 */
export function statement<P extends object>() {
  return <R>(build: (db: Builder, p: Params<P>) => Compilable<R>): Statement<P, R> => {
    const cache = new Map<string, CompiledStatement>()
    return {
      compiled(database) {
        let compiled = cache.get(database)
        if (!compiled) {
          compiled = compile(build(builders[database], placeholders<P>()))
          cache.set(database, compiled)
        }
        return compiled
      },
    }
  }
}

function placeholders<P>(): Params<P> {
  // The proxy invents a placeholder for whatever name the statement asks for; the type says which names exist.
  return new Proxy({} as Params<P>, { get: (_, name) => sql`${sql.val(new Placeholder(String(name)))}` })
}

function compile(query: Compilable<unknown>): CompiledStatement {
  const { sql: text, parameters } = query.compile()
  return {
    sql: text,
    bind: (params) =>
      parameters.map((value) =>
        value instanceof Placeholder ? (Reflect.get(params, value.name) as SqlValue) : (value as SqlValue),
      ),
  }
}
