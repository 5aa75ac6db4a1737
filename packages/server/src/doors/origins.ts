import type { IncomingMessage } from 'node:http'

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Which browsers may call: none is named (not a browser), our own pages, or one on the list, compared whole. */
export function createOrigins(listed: readonly string[]) {
  const allowed = new Set(listed)
  return {
    isListed: (origin: string) => allowed.has(origin),
    isAllowed(request: IncomingMessage): boolean {
      const { origin, host } = request.headers
      if (origin === undefined || allowed.has(origin)) return true
      return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`)
    },
  }
}
export type Origins = ReturnType<typeof createOrigins>

/** Whether the request names this machine as its host: the guard against DNS rebinding where nobody has to sign in. */
export function hasLoopbackHost(request: IncomingMessage): boolean {
  const { host = '' } = request.headers
  return LOOPBACK.has(host.replace(/:\d+$/, ''))
}

/** Exactly one Host header, always. */
export function hasOneHost(request: IncomingMessage): boolean {
  let hosts = 0
  for (let at = 0; at < request.rawHeaders.length; at += 2) {
    if (request.rawHeaders[at]?.toLowerCase() === 'host') hosts += 1
  }
  return hosts === 1
}
