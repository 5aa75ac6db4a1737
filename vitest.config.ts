import { defineConfig } from 'vitest/config'

/** Tests run on the sources, without a build. Vite resolves what it transforms, Node what it imports itself. */
const conditions = ['@belfry/source']

const everywhere = ['packages/*/{src,test}', 'apps/*', 'scripts', 'bench', 'examples', 'deploy']

/** `vitest --mode NAME`; without one, everything that is not of the long kinds. */
const modes: Record<string, { include: string[]; testTimeout: number }> = {
  faults: {
    include: ['**/*.faults.test.ts', 'test/faults/**/*.test.ts', 'faults/**/*.test.ts'],
    testTimeout: 300_000,
  },
  examples: { include: ['**/*.examples.test.ts'], testTimeout: 300_000 },
  hostile: { include: ['**/*.hostile.test.ts', 'hostile/**/*.test.ts'], testTimeout: 300_000 },
  model: { include: ['**/*model.test.ts', 'model/**/*.test.ts'], testTimeout: 3_600_000 },
  test: { include: ['**/*.test.{ts,tsx}'], testTimeout: 15_000 },
}

/** What whole systems say to their users, which is the same over every store and bus. */
const systems = ['contract', 'chat', 'presence'].map(
  (folder) => `packages/server/test/${folder}/**/*.test.ts`,
)

/** `BELFRY_STORES=postgres,postgres+redis` runs them over these, too. */
const stores = (process.env.BELFRY_STORES ?? '').split(',').filter(Boolean)

/** What each of them is asked to run; `everything` is what a run without them is. */
const projectsOf = (everything: string[]) => [
  { extends: true as const, test: { name: 'one node', include: everything } },
  ...stores.map((name) => ({
    extends: true as const,
    test: {
      ...{ name, include: systems, env: { BELFRY_TEST_STORE: name } },
      // What one process makes of its own folder.
      exclude: ['**/contract/environment.test.ts'],
    },
  })),
]

export default defineConfig(({ mode }) => {
  const { include, testTimeout } = modes[mode] ?? modes.test ?? { include: [], testTimeout: 0 }
  const everything = everywhere.flatMap((folder) => include.map((pattern) => `${folder}/${pattern}`))
  const overStores = {
    projects: projectsOf(everything),
    globalSetup: ['packages/testkit/src/services/shared.ts'],
  }
  return {
    resolve: { conditions },
    ssr: { resolve: { conditions, externalConditions: conditions } },
    test: {
      // Lists of projects and the one above them add up.
      ...(stores.length === 0 ? { include: everything } : overStores),
      exclude: [
        '**/node_modules/**',
        '**/dist/**',
        '**/.next/**',
        ...(mode === 'test' ? ['**/*.{faults,hostile,examples}.test.ts'] : []),
      ],
      pool: 'forks',
      execArgv: conditions.map((condition) => `--conditions=${condition}`),
      // Each file starts servers and browsers of its own; more at once than cores makes every bound of time a guess.
      maxWorkers: mode === 'faults' ? 1 : 2,
      testTimeout,
      // A server starts within 10 s (contract.md §1), a browser is slower on a busy machine.
      hookTimeout: 60_000,
      // Nobody waits for a file that does not end: an open handle is a defect.
      teardownTimeout: 10_000,
      restoreMocks: true,
    },
  }
})
