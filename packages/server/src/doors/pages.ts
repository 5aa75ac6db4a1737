import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import helmet from '@fastify/helmet'
import fastifyStatic from '@fastify/static'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import { createOpenApi } from './openapi.ts'

/** The built console: beside the built server, or in its own package in a checkout. */
const CONSOLE_FOLDERS = ['./console/', '../console/', '../../../../apps/console/dist/']

/** Source: security.md §9. Scripts and styles come from here alone. */
const csp = {
  directives: {
    defaultSrc: ["'self'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'],
    connectSrc: ["'self'"],
    objectSrc: ["'none'"],
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
    formAction: ["'self'"],
    upgradeInsecureRequests: null,
  },
}

/** Of the console beside `/`: the same page, which looks at its address itself. */
const PAGE_ROUTES = ['/inbox', '/chat']

/** The console at `/` and its other routes, and the API's documentation at `/docs` and `/openapi.json`. */
export async function addPages(app: FastifyInstance): Promise<void> {
  const document = createOpenApi()
  app.get('/openapi.json', () => document)
  await app.register(async (docs) => {
    await docs.register(swagger, { mode: 'static', specification: { document: document as never } })
    await docs.register(swaggerUi, { routePrefix: '/docs', staticCSP: true })
  })
  const root = CONSOLE_FOLDERS.map((path) => fileURLToPath(new URL(path, import.meta.url))).find((folder) =>
    existsSync(`${folder}index.html`),
  )
  if (root === undefined) return
  await app.register(async (pages) => {
    await pages.register(helmet, {
      contentSecurityPolicy: csp,
      strictTransportSecurity: false,
      referrerPolicy: { policy: 'no-referrer' },
    })
    await pages.register(fastifyStatic, {
      root,
      dotfiles: 'ignore',
      redirect: false,
      wildcard: false,
      maxAge: '1h',
      immutable: false,
      setHeaders: (reply, path) => {
        // An old worker would go on answering clicks for an hour after an update.
        if (path.endsWith('/belfry-sw.js')) reply.header('cache-control', 'no-cache')
      },
    })
    for (const route of PAGE_ROUTES) pages.get(route, (_, reply) => reply.sendFile('index.html'))
  })
}
