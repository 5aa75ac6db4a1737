import { fileURLToPath } from 'node:url'
import { freePort, start, waitUntil } from '../processes.ts'
import { settings } from '../settings.ts'
import { localAddressOf, payload, rawRequest, SOCKET_IO_PATH, type Target, userId } from '../target.ts'
import { MARK_PLACEHOLDER } from '../wire/mark.ts'

const MAIN = fileURLToPath(new URL('../peers/ceiling.ts', import.meta.url))

export const startCeiling = async (): Promise<Target> => {
  const port = await freePort()
  const server = start({
    name: 'ceiling',
    command: process.execPath,
    args: [MAIN],
    cpu: settings.serverCpu,
    env: { PORT: String(port) },
  })
  const post = (users: readonly string[] | null, text?: string): string =>
    rawRequest({ port, path: '/', body: { users, notification: payload(MARK_PLACEHOLDER, text) } })
  await waitUntil(server, async () => (await fetch(`http://127.0.0.1:${port}/socket.io/`)).status === 400)
  return {
    name: 'ceiling',
    port,
    pid: server.pid,
    socketOf: (user) => ({
      path: SOCKET_IO_PATH,
      connectPacket: `40${JSON.stringify({ userId: userId(user) })}`,
      readyOn: 'connect',
      localAddress: localAddressOf(user),
      keepsCursor: false,
    }),
    sendToOne: (user, text) => post([userId(user)], text),
    sendToMany: (users) => post(users.map(userId)),
    sendToAll: () => post(null),
    stop: server.stop,
  }
}
