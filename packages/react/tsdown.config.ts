import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { defineConfig } from 'tsdown'

const kit = defineConfig({
  entry: [
    'src/index.ts',
    'src/chat/index.ts',
    ...globSync(['src/locales/*.ts', 'src/chat/locales/*.ts'], { cwd: import.meta.dirname }),
  ],
  platform: 'browser',
  target: 'es2022',
  tsconfig: '../../tsconfig.build.json',
  // A bundler of an app takes only the files that it needs.
  unbundle: true,
  // `.js` and `.d.ts`, the names that package.json exports.
  fixedExtension: false,
  dts: true,
  hooks: {
    'build:done': ({ options }) => {
      for (const file of ['styles.css', 'chat/chat.css']) {
        const name = basename(file)
        writeFileSync(join(options.outDir, name), joinedStyles(file))
        // A compiler that looks at imports for their effect alone wants to know that there is something.
        writeFileSync(join(options.outDir, `${name}.d.ts`), 'export {}\n')
      }
    },
  },
})

/** One script that a browser runs without modules, served by an app at its root. */
const worker = defineConfig({
  entry: { 'belfry-sw': 'src/sw/belfry-sw.ts' },
  platform: 'browser',
  target: 'es2022',
  tsconfig: '../../tsconfig.build.json',
  format: 'iife',
  outputOptions: { entryFileNames: '[name].js' },
  dts: false,
  // Of what the kit has put there.
  clean: false,
})

export default [kit, worker]

/** One file for pages without a bundler. */
function joinedStyles(file: string): string {
  const path = join(import.meta.dirname, 'src', file)
  const folder = dirname(path)
  const index = readFileSync(path, 'utf8')
  return index.replace(/@import "(.+?)";/g, (_, file: string) => readFileSync(join(folder, file), 'utf8'))
}
