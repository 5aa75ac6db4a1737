/** A real HTTP server that answers what a test tells it to, and keeps what it was asked. */
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach } from 'vitest'

export interface Asked {
  method: string
  path: string
  headers: IncomingMessage['headers']
  body: Record<string, unknown> | undefined
}

export interface Answer {
  status?: number
  headers?: Record<string, string>
  body?: unknown
  /** Cuts the connection in place of an answer. */
  isCut?: boolean
  /** Never answers. */
  isSilent?: boolean
}

export interface TinyServer {
  url: string
  asked: Asked[]
}

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

/** Gives `answers` in turn, the last one for ever. */
export async function tinyServer(...answers: Answer[]): Promise<TinyServer> {
  const asked: Asked[] = []
  const server = createServer(async (request, reply) => {
    const raw = await text(request)
    const answer = answers[Math.min(asked.length, answers.length - 1)] ?? {}
    asked.push({
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: raw === '' ? undefined : JSON.parse(raw),
    })
    if (answer.isCut) return void request.socket.destroy()
    if (answer.isSilent) return
    const body =
      typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? { success: true })
    reply.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(
    () =>
      new Promise((resolve) => {
        server.close(resolve)
        server.closeAllConnections()
      }),
  )
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

export const sent = (id: string): Answer => ({
  status: 201,
  body: { success: true, message: 'Notification sent and stored.', notification: { id, type: 'info' } },
})

export const failed = (status: number, code: string, headers: Record<string, string> = {}): Answer => ({
  status,
  headers,
  body: { success: false, code, message: `because ${code}` },
})
