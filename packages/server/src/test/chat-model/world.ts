import { deepStrictEqual } from 'node:assert/strict'
import { type CommandName, commands, Failure, type FailureShape } from '@belfry/protocol'
import type { Actor } from '../../core/actor.ts'
import type { SyncAnswer } from '../../core/sync.ts'
import type { LogEntry, Store } from '../../store/store.ts'
import type { TimedActor } from '../timed.ts'
import { Device } from './device.ts'
import { REHEARSED } from './limits.ts'
import { Newsroom } from './newsroom.ts'
import { Oracle } from './oracle.ts'
import type { Opened } from './window.ts'

type Code = FailureShape['code'] | undefined

/** What one command replied, or the code of its refusal, and what it wrote to the log. */
export interface Outcome {
  // Each reply has the shape of its command's row in the protocol; operations read what they assert.
  // biome-ignore lint/suspicious/noExplicitAny: see above
  reply: any
  code: Code
  entries: LogEntry[]
}

/** One noise on the devices of somebody who has any that hear it. */
export interface Noise {
  user: string
  messageId: string
  mentioned: boolean
  silent: boolean
}

const self = (id: string): Actor => ({ kind: 'user', id, roles: [], sessionId: 'session' })

/** One history: a store that other histories have used before, and people and chats of its own. */
export class World {
  readonly oracle = new Oracle()
  readonly devices: Device[] = []
  /** Chats that lie before somebody, by `user chat`. */
  readonly focused = new Set<string>()
  readonly newsroom: Newsroom
  readonly store: Store
  readonly name: string
  readonly transcript: string[] = []
  /** The chat that the last command was about. */
  touched: string | undefined
  /** What the last operation must be heard of, by those who have a device that is awake. */
  expected: Noise[] = []
  now = Date.now()
  readonly #heads: Record<string, number> = {}
  readonly #committed: LogEntry[]
  /** Written, and not yet heard by anybody. */
  #untold: LogEntry[] = []

  constructor(store: Store, committed: LogEntry[], name: string) {
    this.store = store
    this.name = name
    this.#committed = committed
    this.newsroom = new Newsroom({
      clock: () => this.now,
      devices: () => this.devices,
      isFocused: (user, chatId) => this.focused.has(`${user} ${chatId}`),
      read: (query, input) => this.read(query, input),
    })
  }

  get chats(): string[] {
    return [...this.oracle.chats.keys()]
  }

  headOf(topic: string): number {
    return this.#heads[topic] ?? 0
  }

  /** Through the command's schema, as the doors do it. Whatever is refused must leave every row as it is. */
  async command(name: CommandName, user: string, raw: object, expected?: Code): Promise<Outcome> {
    const input = commands[name].input.parse(raw) as Record<string, unknown>
    this.touched = this.chats.find((id) => id === input.chatId)
    const before = expected === undefined ? undefined : await this.digest()
    const outcome = await this.#transact(name, self(user), input)
    deepStrictEqual(outcome.code, expected, `verdict on ${name}`)
    if (before === undefined) return outcome
    deepStrictEqual(outcome.entries, [], `I9: ${name} was refused and tells nothing`)
    deepStrictEqual(await this.digest(), before, `I9: ${name} was refused and changes no row`)
    return outcome
  }

  /** What the server asks of itself: no schema. */
  server(name: string, input: object): Promise<Outcome> {
    return this.#transact(name, { kind: 'system' }, input)
  }

  /** Of a part of a server that has no command. */
  asUser(name: string, user: string, input: object): Promise<Outcome> {
    return this.#transact(name, self(user), input)
  }

  /** Whether a command would work, without doing it. */
  async rehearse(name: CommandName, user: string, raw: object): Promise<boolean> {
    const input = commands[name].input.parse(raw)
    const timed: TimedActor = { ...self(user), now: this.now }
    const told: unknown = await this.store
      .transact('rehearse', timed, { name, input })
      .catch((error) => error)
    if (!(told instanceof Failure)) throw told
    return told.details.errorId === REHEARSED
  }

  // As of replies: whoever asks knows the shape.
  // biome-ignore lint/suspicious/noExplicitAny: see above
  read(query: string, input: object): Promise<any> {
    return this.store.read(query, { ...input, now: this.now })
  }

  /** What a query is refused with. */
  refusedRead(query: string, input: object): Promise<Code> {
    return this.read(query, input).then(
      () => undefined,
      (error: unknown) => {
        if (error instanceof Failure) return error.code
        throw error
      },
    )
  }

  digest(): Promise<unknown> {
    return this.read('digest', { users: this.oracle.people, chats: this.chats })
  }

  /** Several at once, of which none may be refused. */
  async inParallel(
    name: CommandName,
    calls: readonly { user: string; raw: object }[],
  ): Promise<{ replies: Outcome['reply'][]; entries: LogEntry[] }> {
    this.#committed.length = 0
    const replies = await Promise.all(
      calls.map(({ user, raw }) => {
        const timed: TimedActor = { ...self(user), now: this.now }
        return this.store.transact(name, timed, commands[name].input.parse(raw))
      }),
    )
    this.transcript.push(`${this.now} ${calls.length} times at once ${name} ${JSON.stringify(calls[0])}`)
    return { replies, entries: this.#take() }
  }

  async #transact(name: string, actor: Actor, input: object): Promise<Outcome> {
    this.#committed.length = 0
    const timed: TimedActor = { ...actor, now: this.now }
    const { reply, code } = await this.store.transact(name, timed, input).then(
      (value) => ({ reply: value, code: undefined }),
      (error: unknown) => {
        if (error instanceof Failure) return { reply: undefined, code: error.code }
        throw error
      },
    )
    this.#note(name, actor, { input, reply, code })
    return { reply, code, entries: this.#take() }
  }

  #take(): LogEntry[] {
    const entries = [...this.#committed]
    for (const { topic, offset } of entries) {
      deepStrictEqual(offset, this.headOf(topic) + 1, `I2: ${topic} has no holes`)
      this.#heads[topic] = offset
    }
    this.#untold.push(...entries)
    return entries
  }

  #note(
    name: string,
    actor: Actor,
    { input, reply, code }: { input: object; reply: unknown; code: Code },
  ): void {
    const who = 'id' in actor ? actor.id : actor.kind
    const told = code ?? JSON.stringify(reply)?.slice(0, 200)
    this.transcript.push(`${this.now} ${who} ${name} ${JSON.stringify(input)} → ${told}`)
  }

  /** What was written reaches the devices, after the oracle knows of it; resolves when nothing is under way. */
  async tell(): Promise<void> {
    const entries = this.#untold
    this.#untold = []
    for (const entry of entries) for (const device of this.devices) device.hear(entry)
    await this.newsroom.tell(entries)
    for (const device of this.devices) await this.#ask(device)
    this.#checkNoises()
  }

  #checkNoises(): void {
    const awake = new Set(this.devices.filter(({ isAwake }) => isAwake).map(({ user }) => user))
    const heard = this.newsroom.notices.map(({ user, notice }): Noise => {
      const { messageId, mentioned, silent } = notice
      return { user, messageId, mentioned, silent }
    })
    const byUser = (a: Noise, b: Noise) => (a.user < b.user ? -1 : 1)
    const expected = this.expected.filter(({ user }) => awake.has(user))
    deepStrictEqual(heard.sort(byUser), expected.sort(byUser), 'I10: noises')
    this.newsroom.notices = []
    this.expected = []
  }

  async #ask(device: Device): Promise<void> {
    if (!device.isAwake) return
    for (const chatId of device.unknown) {
      const { chat } = (await this.read('openChat', { chatId, user: device.user, limit: 1 })) as Opened
      device.prefs.set(chatId, chat.prefs)
      device.unknown.delete(chatId)
    }
  }

  /** A new device, which begins with a snapshot. */
  async connect(user: string): Promise<void> {
    const number = this.devices.filter((one) => one.user === user).length
    const name = `device ${number} of ${user}`
    const device = new Device({ user, name, epoch: this.store.epoch, oracle: this.oracle })
    this.devices.push(device)
    await this.wake(device)
  }

  /** Comes back with its cursor, page by page. */
  async wake(device: Device): Promise<void> {
    const { user } = device
    const { epoch } = this.store
    let cursor = Object.keys(device.offsets).length === 0 ? undefined : device.cursor
    device.isAwake = true
    for (let isMore = true; isMore; ) {
      const { frame, hearing } = (await this.read('sync', { user, epoch, cursor })) as SyncAnswer
      device.take(frame, hearing)
      if (!frame.complete) await this.#load(device)
      cursor = frame.cursor
      isMore = frame.complete && frame.more
    }
    const shown = await this.read('listChats', { user, limit: 100, filter: 'all' })
    const hidden = await this.read('listChats', { user, limit: 100, filter: 'hidden' })
    device.hearCounts(hidden.counts)
    device.hearCounts(shown.counts)
    await this.#ask(device)
  }

  async #load(device: Device): Promise<void> {
    const { user } = device
    for (const filter of ['all', 'hidden']) {
      const { chats } = await this.read('listChats', { user, limit: 100, filter })
      device.load(chats, (await this.read('listBlocks', { user })).userIds)
    }
  }
}
