import { defineConfig } from 'tsdown'

const common = {
  platform: 'node',
  target: 'node24',
  tsconfig: '../../tsconfig.build.json',
  // `.js` and `.d.ts`, the names that package.json exports.
  fixedExtension: false,
} as const

export default defineConfig([
  {
    ...common,
    // The store's thread and its features are loaded by their place, so these files keep it.
    entry: {
      main: 'src/main.ts',
      index: 'src/index.ts',
      features: 'src/features.ts',
      'store/sqlite/worker': 'src/store/sqlite/worker.ts',
    },
    // Hundreds of small files would be read at every start, in two threads.
    deps: {
      alwaysBundle: ['kysely', 'zod', /^@belfry\//, 'uuidv7', 'nanoid', 'prom-client', 'commander', 'jose'],
    },
    dts: false,
  },
  {
    ...common,
    // Types name the packages they come from; bundled, an app would have two of each.
    entry: { index: 'src/index.ts' },
    dts: { emitDtsOnly: true },
    clean: false,
  },
])
