import { io } from 'socket.io-client'
import type { OpenSocket, SocketEnd, Transport } from './socket-port.ts'

interface Refusal extends Error {
  data?: { code?: string; retryAfterMs?: number }
}

/** The socket port over Socket.IO. A fresh manager per attempt: nothing of an old line can speak on a new one. */
export const openSocketIo: OpenSocket = (request, handlers) => {
  const socket = io(request.url, {
    path: request.path,
    transports: [...request.transports],
    auth: request.auth,
    timeout: request.timeoutMs,
    forceNew: true,
    reconnection: false,
    autoConnect: false,
  })
  const close = () => {
    socket.offAny()
    socket.off()
    socket.disconnect()
  }
  const end = (why: SocketEnd) => {
    close()
    handlers.onEnd(why)
  }
  socket.on('connect', () => {
    const { engine } = socket.io
    handlers.onTransport(engine.transport.name as Transport)
    engine.on('upgrade', (transport) => handlers.onTransport(transport.name as Transport))
  })
  socket.on('connect_error', (error: Refusal) => end({ message: error.message, ...error.data }))
  socket.on('disconnect', (reason) => end({ message: reason }))
  socket.onAny((event: string, payload: unknown) => handlers.onFrame(event, payload))
  socket.connect()
  return { emit: (event, payload, onAck) => void socket.emit(event, payload, onAck), close }
}
