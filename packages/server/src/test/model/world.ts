import { type CommandName, commands, Failure, type FailureShape } from '@belfry/protocol'
import type { Actor } from '../../core/actor.ts'
import type { LogEntry, Store } from '../../store/store.ts'
import type { TimedActor } from '../timed.ts'
import { Oracle } from './oracle.ts'
import { ReferenceReader } from './reader.ts'

/** What the oracle is told of one command: its reply or the code of its refusal, and what it wrote to the log. */
export interface Outcome {
  reply: unknown
  code: FailureShape['code'] | undefined
  entries: LogEntry[]
}

export interface KeyedCall {
  name: string
  actor: Actor
  input: Record<string, unknown>
  reply: unknown
}

/** One history: a store that other histories have used before, and people, rooms and roles of its own. */
export class World {
  readonly oracle = new Oracle()
  readonly readers = new Map<string, ReferenceReader>()
  /** Devices that were closed at some time and will come back. */
  readonly asleep: ReferenceReader[] = []
  readonly heads: Record<string, number> = {}
  /** Commands that carried an idempotency key, with their first reply. */
  readonly keyed: KeyedCall[] = []
  readonly store: Store
  readonly name: string
  /** What was done, to be read when it went wrong. */
  readonly transcript: string[] = []
  now: number
  readonly #committed: LogEntry[]

  /** `committed` is filled by the store's `onCommitted`; whoever runs a command empties it. */
  constructor(store: Store, committed: LogEntry[], name: string) {
    this.store = store
    this.name = name
    this.#committed = committed
    this.now = Date.now()
  }

  get people(): string[] {
    return [...this.oracle.people.keys()]
  }

  async add(): Promise<void> {
    const id = `${this.name}-p${this.people.length}`
    this.oracle.add(id)
    this.readers.set(id, new ReferenceReader(id, this.store.epoch))
    for (const topic of [`user:${id}`, 'all']) this.oracle.join(id, topic)
    await this.#transact('addPerson', { kind: 'system' }, { id })
  }

  /** Through the command's schema, as the doors do it. */
  async command(name: CommandName, actor: Actor, raw: Record<string, unknown>): Promise<Outcome> {
    const input = commands[name].input.parse(raw) as Record<string, unknown>
    const outcome = await this.#transact(name, actor, input)
    if (raw.idempotencyKey !== undefined && outcome.code === undefined) {
      this.keyed.push({ name, actor, input, reply: outcome.reply })
    }
    return outcome
  }

  /** What the server asks of itself: no schema, no key. */
  server(name: string, input: Record<string, unknown>): Promise<Outcome> {
    return this.#transact(name, { kind: 'system' }, input)
  }

  repeat(call: KeyedCall, changes: Record<string, unknown> = {}): Promise<Outcome> {
    return this.#transact(call.name, call.actor, { ...call.input, ...changes })
  }

  async #transact(name: string, actor: Actor, input: Record<string, unknown>): Promise<Outcome> {
    this.#committed.length = 0
    const timed: TimedActor = { ...actor, now: this.now }
    const { reply, code } = await this.store.transact(name, timed, input).then(
      (value) => ({ reply: value, code: undefined }),
      (error: unknown) => {
        if (error instanceof Failure) return { reply: undefined, code: error.code }
        throw error
      },
    )
    const entries = [...this.#committed]
    const who = 'id' in actor ? actor.id : actor.kind
    this.transcript.push(
      `${this.now} ${who} ${name} ${JSON.stringify(input)} → ${code ?? JSON.stringify(reply)}`,
    )
    for (const entry of entries) {
      this.heads[entry.topic] = entry.offset
      if (entry.kind === 'topic.joined') this.heads[entry.data.topic] ??= entry.data.offset
      for (const reader of this.readers.values()) reader.hear(entry)
    }
    return { reply, code, entries }
  }
}
