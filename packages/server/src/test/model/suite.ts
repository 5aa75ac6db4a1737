import fc from 'fast-check'
import { afterAll, beforeAll, describe, it } from 'vitest'
import type { LogEntry, Store } from '../../store/store.ts'
import { type MakePlace, type Place, testFeatures } from '../place.ts'
import { runHistory } from './history.ts'

const wantedHistories = Number(process.env.MODEL_HISTORIES ?? 50)
/** A history takes about 50 ms; the rest is for a busy machine. */
const PER_HISTORY_MS = 500
/** Each statement is a question to another process: so much less is run, and so much more time is given to each. */
const REMOTE = 10

/** Each operation is one seed; fast-check shortens a history that fails by leaving operations out. */
export const history = fc.array(fc.noShrink(fc.noBias(fc.integer({ min: 0, max: 2 ** 32 - 1 }))), {
  minLength: 1,
  maxLength: 120,
  size: 'max',
})

const wantedSeed = (): number => Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))

/** The inbox of a store, against one row per recipient: inbox-model.md, "The model test". */
export function inboxModelSuite(makePlace: MakePlace, { isRemote = false } = {}): void {
  const histories = isRemote ? Math.ceil(wantedHistories / REMOTE) : wantedHistories
  describe('the inbox model', () => {
    let place: Place
    let store: Store
    const committed: LogEntry[] = []

    beforeAll(async () => {
      place = await makePlace({ isVolatile: true })
      store = await place.open({
        features: testFeatures,
        onCommitted: (entries) => void committed.push(...entries),
      })
    })
    afterAll(async () => {
      await store.close()
      await place.remove()
    })

    it(
      'agrees with one row per recipient after every operation of random histories',
      async () => {
        const seed = wantedSeed()
        console.log(`inbox model: ${histories} histories, SEED=${seed}`)
        const property = fc.asyncProperty(history, (seeds) => runHistory(store, committed, seeds))
        await fc.assert(property, { seed, numRuns: histories })
      },
      30_000 + histories * PER_HISTORY_MS * (isRemote ? REMOTE : 1),
    )
  })
}
