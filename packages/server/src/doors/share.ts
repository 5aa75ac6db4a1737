import type { Server as HttpServer, RequestListener } from 'node:http'

/** Only these: the pages of the console are not for somebody else's server. */
const PREFIXES = /^\/(api|docs|openapi\.json|metrics|healthz|readyz)(\/|$)/

/** What a parameter or a rest of a path may be. */
const toPattern = (path: string): RegExp =>
  new RegExp(
    `^${path
      .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
      .replace(/:\w+/g, '[^/]+')
      .replace(/\*/g, '.*')}/?$`,
  )

/** The paths that have routes of ours: inside somebody else's server all others stay theirs, also under `/api`. */
export class OwnPaths {
  readonly #known = new Set<string>()
  readonly #patterns: RegExp[] = []

  add(path: string): void {
    if (this.#known.has(path) || !PREFIXES.test(path)) return
    this.#known.add(path)
    this.#patterns.push(toPattern(path))
  }

  /** Whether one of our routes, of whatever method, answers at this address. */
  has(url: string): boolean {
    const [path = ''] = url.split('?', 1)
    return this.#known.has(path) || this.#patterns.some((pattern) => pattern.test(path))
  }
}

/** Takes our paths out of what an existing server does with its requests; the rest stays with its own listeners. */
export function share(server: HttpServer, ours: RequestListener, paths: OwnPaths): void {
  const theirs = server.listeners('request') as RequestListener[]
  server.removeAllListeners('request')
  server.on('request', (request, reply) => {
    if (paths.has(request.url ?? '')) return ours(request, reply)
    for (const listener of theirs) listener.call(server, request, reply)
  })
}
