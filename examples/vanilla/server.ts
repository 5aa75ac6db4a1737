/** Belfry and a page without a bundler on one port, under a policy that allows nothing inline. */
import { createReadStream } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createServer } from '@belfry/server'

const here = (file: string) => join(import.meta.dirname, file)
const files: Record<string, [path: string, type: string]> = {
  '/': [here('index.html'), 'text/html; charset=utf-8'],
  '/inbox.css': [here('inbox.css'), 'text/css'],
  '/inbox.js': [here('inbox.js'), 'text/javascript'],
  '/belfry.js': [fileURLToPath(import.meta.resolve('@belfry/client/standalone')), 'text/javascript'],
}

const http = createHttpServer((request, response) => {
  const [path, type] = files[request.url ?? ''] ?? []
  if (path === undefined) return response.writeHead(404).end()
  response.writeHead(200, { 'content-type': type, 'content-security-policy': "default-src 'self'" })
  createReadStream(path).pipe(response)
})

const belfry = await createServer({ DATA_DIR: process.env.DATA_DIR ?? here('data'), PLAYGROUND: 'off' })
await belfry.attach(http)

const port = Number(process.env.PORT ?? 3000)
http.listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${port}`))

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    http.close()
    await belfry.close()
  })
}
