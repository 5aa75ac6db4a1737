import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: ['src/index.ts'],
  platform: 'node',
  target: 'node24',
  tsconfig: '../../tsconfig.build.json',
  unbundle: true,
  // `.js` and `.d.ts`, the names that package.json exports.
  fixedExtension: false,
  dts: true,
})
