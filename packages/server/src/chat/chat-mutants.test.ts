import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LogEntry } from '../store/store.ts'
import { runHistory } from '../test/chat-model/history.ts'
import { mutants } from '../test/chat-model/mutants.ts'
import { chatHistory } from '../test/chat-model/suite.ts'
import { makeSqlitePlace } from '../test/place.ts'

/** Fixed, so that this test says the same tomorrow; `SEED=` tries another. */
const SEED = Number(process.env.SEED ?? 2026)
const HISTORIES = 30
const TIMEOUT_MS = 120_000

function featuresOf(mutant: string): URL {
  const url = new URL('../test/chat-model/mutated-features.ts', import.meta.url)
  url.searchParams.set('mutant', mutant)
  return url
}

async function historiesUntilCaught(mutant: string): Promise<{ number: number; error: unknown }> {
  const place = await makeSqlitePlace({ isVolatile: true })
  const committed: LogEntry[] = []
  const store = await place.open({
    features: featuresOf(mutant),
    onCommitted: (entries) => void committed.push(...entries),
  })
  try {
    const property = fc.asyncProperty(chatHistory, (seeds) => runHistory(store, committed, seeds))
    const run = await fc.check(property, { seed: SEED, numRuns: HISTORIES, endOnFailure: true })
    return { number: run.numRuns, error: run.errorInstance }
  } finally {
    await store.close()
    await place.remove()
  }
}

describe('the chat model notices when', () => {
  it.each(mutants)(
    '$name',
    async ({ name }) => {
      const { number, error } = await historiesUntilCaught(name)
      const [first] = String(error).split('\n')
      console.log(`caught in history ${number} of SEED=${SEED}: ${name}\n${first}`)
      // Not a crash, but one of the model's own checks.
      expect(String(error)).toMatch(/what was done:/)
      expect(first).not.toMatch(/constraint|TypeError|no such/)
    },
    TIMEOUT_MS,
  )

  it('reads lines that are changed where they stand', () => {
    for (const { file, find } of mutants) {
      const source = readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')
      expect(source.split(find), find).toHaveLength(2)
    }
  })
})
