import { join } from 'node:path'
import { build } from 'vite'

const PAGE_ID = '\0page.js'

/** The files of a page's script by their addresses: `/page.js`, and what it loads later. */
export async function buildPage(code: string): Promise<ReadonlyMap<string, string>> {
  const result = await build({
    configFile: false,
    root: join(import.meta.dirname, '..'),
    logLevel: 'warn',
    mode: 'development',
    define: { 'process.env.NODE_ENV': '"development"' },
    resolve: { conditions: ['@belfry/source'] },
    plugins: [
      {
        name: 'page',
        resolveId: (id) => (id === PAGE_ID ? id : undefined),
        load: (id) => (id === PAGE_ID ? code : undefined),
      },
    ],
    build: {
      write: false,
      minify: false,
      rolldownOptions: { input: { page: PAGE_ID }, output: { entryFileNames: '[name].js' } },
    },
  })
  const [output] = [result].flat()
  if (!output || !('output' in output)) throw new Error('The page was not built.')
  return new Map(
    output.output.flatMap((file) => (file.type === 'chunk' ? [[`/${file.fileName}`, file.code]] : [])),
  )
}
