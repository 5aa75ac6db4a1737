/** Next.js and Belfry on one port, in one process. */
import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { createBelfryClient, inProcess, NotificationEmitter } from '@belfry/node'
import { createServer } from '@belfry/server'
import next from 'next'
import { audiences, issuer } from './issuer.ts'

/** At least 32 bytes. A new one at each start ends all sessions, which is right for trying out. */
process.env.SESSION_SECRET ??= randomBytes(32).toString('hex')

const port = Number(process.env.PORT ?? 3000)
const hostname = '127.0.0.1'
const worker = fileURLToPath(import.meta.resolve('@belfry/react/belfry-sw.js'))

const app = next({ dev: process.env.NODE_ENV !== 'production', hostname, port })
await app.prepare()
const handle = app.getRequestHandler()

const http = createHttpServer((request, response) => {
  if (request.url !== '/belfry-sw.js') return handle(request, response)
  response.setHeader('content-type', 'text/javascript')
  createReadStream(worker).pipe(response)
})

// Belfry: it takes /api, /socket.io and /docs, and people whom the login of this app has let in.
const belfry = await createServer({
  DATA_DIR: process.env.DATA_DIR ?? './data',
  PLAYGROUND: 'off',
  JWT_ISSUER: issuer,
  JWT_AUDIENCE: audiences.inbox,
  JWT_HS256_SECRET: process.env.SESSION_SECRET,
})
await belfry.attach(http)
NotificationEmitter.configure(createBelfryClient({ transport: inProcess(belfry) }))

http.listen(port, hostname, () => console.log(`http://${hostname}:${port}`))

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    http.close()
    await belfry.close()
    await app.close()
    process.exit()
  })
}
