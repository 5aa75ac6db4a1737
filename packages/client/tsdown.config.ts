import { defineConfig } from 'tsdown'

const browser = { platform: 'browser', target: 'es2022', tsconfig: '../../tsconfig.build.json' } as const

const modules = defineConfig({
  ...browser,
  entry: ['src/index.ts', 'src/chat/index.ts', 'src/parts.ts', 'src/tabs.ts'],
  // A bundler of an app takes only the files that it needs: the schemas stay out of a browser.
  unbundle: true,
  // `.js` and `.d.ts`, the names that package.json exports.
  fixedExtension: false,
  dts: true,
})

/** One file with all that it needs, for pages without a bundler. */
const standalone = defineConfig({
  ...browser,
  entry: { standalone: 'src/index.ts' },
  outputOptions: { codeSplitting: false },
  deps: { alwaysBundle: [/./] },
  minify: true,
  fixedExtension: false,
  dts: false,
  // Of what the modules have put there.
  clean: false,
})

export default [modules, standalone]
