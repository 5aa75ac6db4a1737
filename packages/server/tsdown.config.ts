import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: ['src/main.ts', 'src/index.ts', 'src/features.ts', 'src/store/sqlite/worker.ts'],
  platform: 'node',
  target: 'node24',
  tsconfig: '../../tsconfig.build.json',
  // The thread of the store loads its modules by their place, so every file keeps its place.
  unbundle: true,
  // `.js` and `.d.ts`, the names that package.json exports.
  fixedExtension: false,
  dts: true,
})
