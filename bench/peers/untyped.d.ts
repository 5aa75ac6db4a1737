// The few calls of the peers, typed here so that the benchmarks need no further packages.

declare module 'express' {
  interface Request {
    // The tutorial's body is whatever JSON the client sent, as in the guides.
    readonly body: { users: string[]; type: string; title: string; message: string; meta: unknown }
    readonly params: Readonly<Record<string, string>>
  }
  interface Response {
    status(code: number): Response
    json(body: unknown): void
  }
  type Handler = (request: Request, response: Response) => void | Promise<void>

  import type { IncomingMessage, ServerResponse } from 'node:http'

  interface Application {
    (request: IncomingMessage, response: ServerResponse): void
    use(middleware: unknown): void
    get(path: string, handler: Handler): void
    post(path: string, handler: Handler): void
  }
  const express: (() => Application) & { json(options: { limit: string }): unknown }
  export default express
}

declare module 'pg' {
  class Pool {
    constructor(options: { connectionString: string | undefined; max: number })
    query(text: string, values?: readonly unknown[]): Promise<{ rows: Readonly<Record<string, unknown>>[] }>
  }
  const pg: { Pool: typeof Pool }
  export default pg
}
