import { Failure } from '@belfry/protocol'
import type { Actor } from '../core/actor.ts'
import type { LogEntry, Store } from '../store/store.ts'
import type { MakePlace, Place } from './place.ts'

const contractFeatures = new URL('./contract-features.ts', import.meta.url)

export const system: Actor = { kind: 'system' }
export const ann: Actor = { kind: 'user', id: 'ann', roles: [], sessionId: 's' }
export const bob: Actor = { kind: 'user', id: 'bob', roles: [], sessionId: 's' }

export interface Note {
  offset: number
  text: string
}

interface NoteOptions {
  topic?: string
  command?: string
  actor?: Actor
  idempotencyKey?: string
}

/** A place, its open store and what the store has reported. Each test begins with an empty topic of its own. */
export class StoreBench {
  readonly place: Place
  topic = ''
  readonly committed: LogEntry[] = []
  readonly errors: unknown[] = []
  #store: Store | undefined
  #tests = 0

  private constructor(place: Place) {
    this.place = place
  }

  static async open(makePlace: MakePlace): Promise<StoreBench> {
    const bench = new StoreBench(await makePlace())
    await bench.#open()
    await bench.begin()
    return bench
  }

  async #open(): Promise<void> {
    this.#store = await this.place.open({
      features: contractFeatures,
      onCommitted: (entries) => void this.committed.push(...entries),
      onError: (error) => void this.errors.push(error),
    })
  }

  get store(): Store {
    if (!this.#store) throw new Error('The store is not open')
    return this.#store
  }

  async begin(): Promise<void> {
    this.#tests += 1
    this.topic = `t${this.#tests}`
    await this.store.transact('addTopic', system, { topic: this.topic })
    this.committed.length = 0
    this.errors.length = 0
  }

  async reopen(): Promise<void> {
    await this.store.close()
    await this.#open()
  }

  note(text: string, options: NoteOptions = {}): Promise<unknown> {
    const { topic = this.topic, command = 'note', actor = ann, idempotencyKey: key } = options
    const keyed = key === undefined ? {} : { idempotencyKey: `${this.topic} ${key}` }
    return this.store.transact(command, actor, { topic, text, ...keyed })
  }

  notes(topic = this.topic): Promise<Note[]> {
    return this.store.read('notesOf', { topic }) as Promise<Note[]>
  }

  async texts(): Promise<string[]> {
    return (await this.notes()).map((note) => note.text)
  }

  async keys(): Promise<string[]> {
    const all = (await this.store.read('keys', {})) as string[]
    return all.filter((key) => key.startsWith(`${this.topic} `))
  }

  async close(): Promise<void> {
    await this.#store?.close()
    await this.place.remove()
  }
}

/** `ok`, the code of a refusal, or `error` for everything that nobody expects. */
export const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'ok',
    (error: unknown) => (error instanceof Failure ? error.code : 'error'),
  )
