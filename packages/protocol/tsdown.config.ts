import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: ['src/index.ts'],
  platform: 'neutral',
  target: 'es2022',
  tsconfig: '../../tsconfig.build.json',
  // A bundler of an app takes only the files that it needs: the schemas stay out of a browser.
  unbundle: true,
  // `.js` and `.d.ts`, the names that package.json exports.
  fixedExtension: false,
  dts: true,
})
