/** Skips with a printed reason; `FAULTS_STRICT=1` makes a skip a failure (reliability.md §6.6). */
import type { TestContext } from 'vitest'

export function orSkip(test: Pick<TestContext, 'skip'>, isPossible: boolean, reason: string): void {
  if (isPossible) return
  if (process.env.FAULTS_STRICT === '1') throw new Error(`skipped under FAULTS_STRICT: ${reason}`)
  console.log(`skipped: ${reason}`)
  test.skip(reason)
}
