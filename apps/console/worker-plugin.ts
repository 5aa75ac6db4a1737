import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Plugin, transformWithOxc } from 'vite'

const FILE = 'belfry-sw.js'
const SOURCE = fileURLToPath(import.meta.resolve('../../packages/react/src/sw/belfry-sw.ts'))

/** Puts the kit's service worker at the root, where a worker has to be to see the whole site. */
export function serviceWorker(): Plugin {
  return {
    name: 'belfry-service-worker',
    async generateBundle() {
      this.emitFile({ type: 'asset', fileName: FILE, source: await compile() })
    },
    configureServer({ middlewares }) {
      middlewares.use(`/${FILE}`, (_, response, next) => {
        compile().then((code) => {
          response
            .setHeader('content-type', 'text/javascript')
            .setHeader('cache-control', 'no-cache')
            .end(code)
        }, next)
      })
    },
  }
}

/** It imports nothing, so without its types it is a classic script. */
async function compile(): Promise<string> {
  return (await transformWithOxc(readFileSync(SOURCE, 'utf8'), SOURCE, { target: 'es2023' })).code
}
