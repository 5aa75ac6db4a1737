// Express brings no types: the few calls that this example and the tutorial of the benchmarks make.

declare module 'express' {
  import type { IncomingMessage, ServerResponse } from 'node:http'

  export interface Request extends IncomingMessage {
    /** Whatever JSON came: a handler names the type that it reads it as. */
    readonly body: never
    readonly params: Readonly<Record<string, string>>
  }
  export interface Response extends ServerResponse {
    status(code: number): Response
    json(body: unknown): Response
    sendStatus(code: number): Response
    sendFile(path: string, options: { root: string }): void
  }
  export type NextFunction = () => void
  type Handler = (request: Request, response: Response, next: NextFunction) => unknown

  interface Application {
    (request: IncomingMessage, response: ServerResponse): void
    use(...handlers: Handler[]): void
    get(path: string, ...handlers: Handler[]): void
    post(path: string, ...handlers: Handler[]): void
  }
  const express: (() => Application) & {
    json(options?: { limit: string }): Handler
    static(folder: string): Handler
  }
  export default express
}
