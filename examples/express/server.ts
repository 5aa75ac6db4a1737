import { createServer as createHttpServer } from 'node:http'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createBelfryClient, inProcess, NotificationEmitter } from '@belfry/node'
import { createServer } from '@belfry/server'
import express from 'express'
import { audience, issuer, login, secret, signedIn } from './login.ts'

const app = express()
const http = createHttpServer(app)

// Belfry: it takes its own paths under /api, /socket.io and /docs, and people whom the login of this app has let in.
const belfry = await createServer({
  DATA_DIR: process.env.DATA_DIR ?? join(import.meta.dirname, 'data'),
  PLAYGROUND: 'off',
  JWT_ISSUER: issuer,
  JWT_AUDIENCE: audience,
  JWT_HS256_SECRET: secret,
})
await belfry.attach(http)
NotificationEmitter.configure(createBelfryClient({ transport: inProcess(belfry) }))

app.use((_request, response, next) => {
  response.setHeader('content-security-policy', "default-src 'self'")
  next()
})
app.use(express.json())
app.use(express.static(join(import.meta.dirname, 'public')))
// One file with the whole client, for a page without a bundler.
const clientFolder = dirname(fileURLToPath(import.meta.resolve('@belfry/client/standalone')))
app.get('/belfry.js', (_request, response) => response.sendFile('standalone.js', { root: clientFolder }))

app.post('/login', login)

let orders = 0
app.post('/api/orders', signedIn, async (request, response) => {
  const { customer, total }: { customer: string; total: string } = request.body
  orders += 1
  const order = { id: `A-${orders}`, total: Number(total), userId: customer }
  await NotificationEmitter.orderCreated(order)
  response.status(201).json(order)
})

const port = Number(process.env.PORT ?? 3000)
http.listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${port}`))

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    http.close()
    await belfry.close()
  })
}
