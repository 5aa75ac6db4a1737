// The ceiling: what Socket.IO can do when nothing is stored and nobody is asked who he is.
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { Server } from 'socket.io'

const http = createServer(async (request, response) => {
  const { users, notification } = JSON.parse(await text(request)) as {
    users: string[] | null
    notification: unknown
  }
  if (users === null) io.emit('notification', notification)
  else io.to(users).emit('notification', notification)
  response.setHeader('Content-Length', 2).end('ok')
})
const io = new Server(http)

io.on('connection', (socket) => {
  socket.join(String(socket.handshake.auth.userId))
})

http.listen(Number(process.env.PORT), '127.0.0.1')
