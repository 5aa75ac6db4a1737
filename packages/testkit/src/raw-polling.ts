/** Engine.IO's long polling by hand: one session, its POSTs and GETs. */
import type { BelfryServer } from './belfry-server.ts'

export interface PollingReply {
  status: number
  text: string
}

export interface RawPolling {
  readonly sid: string
  post(body: string | Uint8Array<ArrayBuffer>, contentType?: string): Promise<PollingReply>
  poll(timeoutMs?: number): Promise<PollingReply>
}

export async function pollingRequest(
  server: BelfryServer,
  query: string,
  init: RequestInit = {},
): Promise<PollingReply & { headers: Headers }> {
  const reply = await fetch(`${server.url}/socket.io/${query === '' ? '' : `?${query}`}`, {
    redirect: 'manual',
    signal: AbortSignal.timeout(5_000),
    ...init,
  })
  return { status: reply.status, text: await reply.text(), headers: reply.headers }
}

/** Opens a polling session; throws when the handshake is refused. */
export async function openPolling(
  server: BelfryServer,
  headers: Record<string, string> = {},
): Promise<RawPolling> {
  const opened = await pollingRequest(server, 'EIO=4&transport=polling', { headers })
  if (opened.status !== 200) throw new Error(`polling handshake refused with ${opened.status}`)
  const { sid } = JSON.parse(opened.text.slice(1)) as { sid: string }
  const query = `EIO=4&transport=polling&sid=${sid}`
  return {
    sid,
    post: (body, contentType = 'text/plain;charset=UTF-8') =>
      pollingRequest(server, query, {
        method: 'POST',
        headers: { ...headers, 'content-type': contentType },
        body,
      }),
    poll: (timeoutMs = 5_000) =>
      pollingRequest(server, query, { headers, signal: AbortSignal.timeout(timeoutMs) }),
  }
}
