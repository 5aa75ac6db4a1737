/** Builds a page and serves it as one with a strict policy would be. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join, normalize } from 'node:path'
import { build, defaultClientConditions, transformWithOxc } from 'vite'

const WORKER = join(import.meta.dirname, '../src/sw/belfry-sw.ts')

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** What a page needs that follows a server elsewhere: the kit itself needs nothing but `'self'`. */
const SERVER = 'http://127.0.0.1:* http://localhost:*'
const POLICY = `default-src 'self'; connect-src 'self' ${SERVER} ws://127.0.0.1:* ws://localhost:*; img-src 'self' ${SERVER}`

export interface ServedApp {
  /** Origin, without a slash. */
  readonly url: string
  close(): Promise<void>
}

export interface AppSources {
  /** Folder with an `index.html`. */
  root: string
  /** Runs in the service worker before the worker itself. */
  workerPrelude?: string
  /** Without what React says and measures for developers. */
  isProduction?: boolean
}

/**
 * Listens on a free port of the loopback, with the kit's worker at the root; paths without an ending are the page
 * itself, as routers want it. Close it after use.
 */
export async function serveApp({
  root,
  workerPrelude = '',
  isProduction = false,
}: AppSources): Promise<ServedApp> {
  const folder = mkdtempSync(join(tmpdir(), 'belfry-app-'))
  await bundle(root, folder, isProduction)
  writeFileSync(join(folder, 'belfry-sw.js'), workerPrelude + (await workerCode()))
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const file = normalize(extname(pathname) === '' ? '/index.html' : pathname)
    try {
      const body = readFileSync(join(folder, file))
      const type = TYPES[extname(file)] ?? 'application/octet-stream'
      response.writeHead(200, { 'content-type': type, 'content-security-policy': POLICY }).end(body)
    } catch {
      response.writeHead(404).end()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function bundle(root: string, outDir: string, isProduction: boolean): Promise<void> {
  const before = process.env.NODE_ENV
  // Vite asks the environment which React it is to be.
  process.env.NODE_ENV = isProduction ? 'production' : 'development'
  try {
    await build({
      configFile: false,
      root,
      publicDir: 'public',
      logLevel: 'error',
      resolve: { conditions: ['@belfry/source', ...defaultClientConditions] },
      build: { outDir, target: 'es2023', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
    })
  } finally {
    process.env.NODE_ENV = before
  }
}

async function workerCode(): Promise<string> {
  const { code } = await transformWithOxc(readFileSync(WORKER, 'utf8'), WORKER, { target: 'es2022' })
  return code
}
