import fc from 'fast-check'
import { afterAll, beforeAll, describe, it } from 'vitest'
import type { LogEntry, Store } from '../../store/store.ts'
import type { MakePlace, Place } from '../place.ts'
import { runHistory } from './history.ts'

const wantedHistories = Number(process.env.CHAT_MODEL_HISTORIES ?? 15)
/** A history takes about a second; the rest is for a busy machine. */
const PER_HISTORY_MS = 3000
/** Each statement is a question to another process: so much less is run, and so much more time is given to each. */
const REMOTE = 10

/** Each operation is one seed; fast-check shortens a history that fails by leaving operations out. */
export const chatHistory = fc.noBias(
  fc.array(fc.noShrink(fc.integer({ min: 0, max: 2 ** 32 - 1 })), {
    minLength: 1,
    maxLength: 150,
    size: 'max',
  }),
)

const chatFeatures = new URL('./features.ts', import.meta.url)

const wantedSeed = (): number => Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))

/** Chats of a store, against a copy of every message for every member: chat-presence.md §13. */
export function chatModelSuite(makePlace: MakePlace, { isRemote = false } = {}): void {
  const histories = isRemote ? Math.ceil(wantedHistories / REMOTE) : wantedHistories
  const timeoutMs = 30_000 + histories * PER_HISTORY_MS * (isRemote ? REMOTE : 1)
  describe('the chat model', () => {
    let place: Place
    let store: Store
    const committed: LogEntry[] = []

    beforeAll(async () => {
      place = await makePlace({ isVolatile: true })
      store = await place.open({
        features: chatFeatures,
        onCommitted: (entries) => void committed.push(...entries),
      })
    })
    afterAll(async () => {
      await store.close()
      await place.remove()
    })

    it(
      'agrees with one copy per member after every operation of random histories',
      async () => {
        const seed = wantedSeed()
        console.log(`chat model: ${histories} histories, SEED=${seed}`)
        const property = fc.asyncProperty(chatHistory, (seeds) => runHistory(store, committed, seeds))
        // A history that fails is shortened for as long as there is time, and told then.
        await fc.assert(property, { seed, numRuns: histories, skipAllAfterTimeLimit: timeoutMs - 10_000 })
      },
      timeoutMs,
    )
  })
}
