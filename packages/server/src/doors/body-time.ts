import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { Failure } from '@belfry/protocol'
import { rawAnswer } from './failure.ts'
import { isUpload } from './media.ts'

/**
 * Ends requests whose body does not arrive in time. Node has one limit for all requests of a server, which is
 * that of uploads. To be called after all other listeners are there: some take the place of others.
 */
export function limitBodyTime(server: Server, timeoutMs: number): void {
  server.on('request', (request, reply) => {
    const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers
    if ((length === '0' && encoding === undefined) || isUpload(request)) return
    const timer = setTimeout(() => end(request, reply), timeoutMs)
    const clear = () => clearTimeout(timer)
    request.once('end', clear).once('close', clear)
  })
}

function end(request: IncomingMessage, reply: ServerResponse): void {
  if (request.complete) return
  const { socket } = request
  if (reply.headersSent || !socket.writable) socket.destroy()
  else socket.end(rawAnswer(new Failure('request_timeout')), () => socket.destroy())
}
