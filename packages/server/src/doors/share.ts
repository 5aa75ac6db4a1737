import type { Server as HttpServer, RequestListener } from 'node:http'

/** Paths that are ours inside somebody else's server. */
const OWN_PATHS = /^\/(api|docs|openapi\.json|metrics|healthz|readyz)(\/|\?|$)/

/** Takes our paths out of what an existing server does with its requests; the rest stays with its own listeners. */
export function share(server: HttpServer, ours: RequestListener): void {
  const theirs = server.listeners('request') as RequestListener[]
  server.removeAllListeners('request')
  server.on('request', (request, reply) => {
    if (OWN_PATHS.test(request.url ?? '')) return ours(request, reply)
    for (const listener of theirs) listener.call(server, request, reply)
  })
}
