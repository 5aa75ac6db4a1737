import { defineConfig } from 'tsdown'

export default defineConfig({
  // The store's thread and its features are loaded by their place, so these files keep it.
  entry: {
    main: 'src/main.ts',
    index: 'src/index.ts',
    features: 'src/features.ts',
    'store/sqlite/worker': 'src/store/sqlite/worker.ts',
  },
  platform: 'node',
  target: 'node24',
  tsconfig: '../../tsconfig.build.json',
  // Hundreds of small files would be read at every start, in two threads.
  noExternal: ['kysely', 'zod', /^@belfry\//, 'uuidv7', 'nanoid', 'prom-client', 'commander', 'jose'],
  // `.js` and `.d.ts`, the names that package.json exports.
  fixedExtension: false,
  dts: true,
})
