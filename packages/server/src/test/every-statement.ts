import { type CommandName, commands } from '@belfry/protocol'
import type { Actor } from '../core/actor.ts'
import type { Reader, Tx } from '../store/store.ts'
import { features } from './features.ts'
import type { TimedActor } from './timed.ts'

/** Somewhere statements run, and are remembered. */
export interface Recorder {
  tx(): Tx
  reader(): Reader
  /** The texts that ran since the last call. */
  take(): string[]
}

/** Texts by the command or query that ran them. */
export type Statements = ReadonlyMap<string, readonly string[]>

/** Runs every command and query of the inbox in an empty database, with every kind of input that changes a statement. */
export async function everyStatement(recorder: Recorder): Promise<Statements> {
  const run = new Everything(recorder)
  await run.all()
  return run.statements
}

const system: Actor = { kind: 'system' }
const ann: Actor = { kind: 'user', id: 'ann', roles: [], sessionId: 's' }

interface Sent {
  notification: { id: string }
}

class Everything {
  readonly statements = new Map<string, string[]>()
  readonly #recorder: Recorder

  constructor(recorder: Recorder) {
    this.#recorder = recorder
  }

  async #recorded<T>(name: string, work: Promise<T>): Promise<T> {
    const reply = await work
    this.statements.set(name, [...(this.statements.get(name) ?? []), ...this.#recorder.take()])
    return reply
  }

  #transact(name: string, input: object, actor: Actor = system): Promise<unknown> {
    const handler = features.handlers[name]
    if (!handler) throw new Error(`No handler ${name}`)
    return this.#recorded(name, handler(this.#recorder.tx(), actor, input as never))
  }

  /** As ann asks for it; with the schema's defaults. */
  #command(name: CommandName, input: object, actor: Actor = ann): Promise<unknown> {
    return this.#transact(name, commands[name].input.parse(input) as object, actor)
  }

  #read(name: string, input: object): Promise<unknown> {
    const query = features.queries[name]
    if (!query) throw new Error(`No query ${name}`)
    return this.#recorded(name, query(this.#recorder.reader(), input as never))
  }

  async #send(input: object): Promise<string> {
    return ((await this.#command('notify', { message: 'm', ...input }, system)) as Sent).notification.id
  }

  async all(): Promise<void> {
    await this.#transact('addPerson', { id: 'ann' })
    await this.#transact('addRoom', { id: 'r' })
    const shared = await this.#send({ audience: { users: ['ann'] } })
    for (const step of ['hear', 'unhear', 'hear'])
      await this.#transact(step, { user: 'ann', topic: 'room:r' })
    const soon = { expiresAt: new Date(Date.now() + 60_000).toISOString() }
    const [a, b] = [
      await this.#send({ room: 'r' }),
      await this.#send({ role: 'x' }),
      await this.#send({ userId: 'ann', ...soon }),
    ]
    await this.#command('broadcast', { message: 'm', except: ['bob'] }, system)
    await this.#command('notifyBulk', { notifications: [{ userId: 'ann', message: 'm' }] }, system)
    await this.#command('sendTest', {})
    await this.#transact('unhear', { user: 'ann', topic: 'room:r' })
    await this.#command('editNotification', { id: shared, message: 'n' }, system)
    await this.#changeStates(a)
    await this.#askEverything(a)
    await this.#command('recallNotification', { id: a }, system)
    await this.#command('recallNotification', { id: b ?? '' }, system)
    await this.#transact('expireItems', {}, { ...system, now: Date.now() + 120_000 } as TimedActor)
    await this.#read('countNotifications', { user: 'ann' })
  }

  async #changeStates(id: string): Promise<void> {
    for (const name of ['markSeen', 'markRead', 'markUnread', 'archive', 'unarchive'] as const) {
      await this.#command(name, { id })
    }
    await this.#command('markAllRead', { upTo: id, category: 'info' })
    for (const name of ['markAllRead', 'markAllSeen', 'clearAll'] as const)
      await this.#command(name, { upTo: id })
    const { id: last } = { id: await this.#send({ userId: 'ann' }) }
    await this.#command('markUnread', { ids: [last, id] })
    for (const name of ['deleteNotification', 'restore'] as const) await this.#command(name, { id: last })
    await this.#command('deleteNotifications', { ids: [last] })
    await this.#transact('markDelivered', { handed: [{ user: 'ann', topic: 'user:ann', after: 0, upTo: 3 }] })
    for (const name of ['markAllRead', 'markAllSeen', 'clearAll'] as const) await this.#command(name, {})
    await this.#snoozeTwice()
    await this.#transact('retain', { idempotencyMs: 1, maxTopicEntries: 1, topics: ['user:ann'] })
  }

  /** One returns early, though everything was cleared, and one on time. */
  async #snoozeTwice(): Promise<void> {
    const later = Date.now() + 60_000
    const until = new Date(later).toISOString()
    const away = [
      await this.#send({ audience: { all: true } }),
      await this.#send({ audience: { all: true } }),
    ] as const
    await this.#command('snooze', { ids: [...away], until })
    for (const step of ['unsnooze', 'snooze'] as const)
      await this.#command(step, step === 'snooze' ? { id: away[0], until } : { id: away[0] })
    await this.#command('clearAll', {})
    await this.#command('unsnooze', { id: away[1] })
    await this.#transact('wakeItems', {}, { ...system, now: later + 1 } as TimedActor)
    await this.#command('markRead', { ids: [...away] })
  }

  async #askEverything(id: string): Promise<void> {
    await this.#send({ userId: 'ann' })
    await this.#send({ audience: { all: true } })
    const user = 'ann'
    await this.#read('listNotifications', { user, limit: 50 })
    await this.#read('listNotifications', { user, limit: 50, cursor: Buffer.from(id).toString('base64url') })
    for (const filter of [
      { unread: true },
      { unread: false },
      { archived: true },
      { snoozed: true },
      { type: 'info' },
    ]) {
      await this.#read('listNotifications', { user, limit: 50, ...filter })
    }
    for (const filter of [{ category: 'info' }, { priority: 'high' }, { q: 'word' }]) {
      await this.#read('listNotifications', { user, limit: 50, ...filter })
    }
    await this.#read('countNotifications', { user })
    await this.#read('countsOfMany', { users: [user] })
    await this.#read('pendingItems', { user })
    await this.#read('entriesAfter', { topic: 'user:ann', after: 0 })
    await this.#read('sync', { user, epoch: 'e', cursor: undefined })
    await this.#read('sync', { user, epoch: 'e', cursor: { epoch: 'e', offsets: { 'user:ann': 8 } } })
  }
}
