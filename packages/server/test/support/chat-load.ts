/** Posts under faults: several people talk at once, every message in a log, until it is stopped. */
import type { CommandReply, Message } from '@belfry/protocol'
import { freshName, integrityOf, type Person, type Random } from '@belfry/testkit'
import { expect } from 'vitest'
import { messagesIn } from './chat-scene.ts'
import { expectSuccess } from './expect.ts'

interface Said {
  readonly person: Person
  readonly clientId: string
  readonly content: string
  /** Undefined while nobody knows. */
  stored?: { id: string; seq: number }
}

/** One chat and all that was said there, whatever became of it. */
export class ChatLoad {
  readonly said: Said[] = []
  readonly #chatId: string
  readonly #people: readonly Person[]
  readonly #random: Random
  #isStopped = true
  #workers: Promise<void>[] = []

  constructor({ chatId, people, random }: { chatId: string; people: readonly Person[]; random: Random }) {
    this.#chatId = chatId
    this.#people = people
    this.#random = random
  }

  get acknowledged(): Said[] {
    return this.said.filter(({ stored }) => stored !== undefined)
  }

  get #path(): string {
    return `/api/chats/${this.#chatId}/messages`
  }

  start(parallel = 4): void {
    this.#isStopped = false
    this.#workers = Array.from({ length: parallel }, () => this.#talk())
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    await Promise.all(this.#workers)
  }

  async #talk(): Promise<void> {
    while (!this.#isStopped) {
      const clientId = freshName('m')
      const said: Said = { person: this.#random.pick(this.#people), clientId, content: `text of ${clientId}` }
      this.said.push(said)
      await this.#post(said)
    }
  }

  /** Never throws for a fault: then nobody knows what has become of it. */
  async #post(said: Said): Promise<void> {
    const { person, clientId, content } = said
    const reply = await person.http
      .request<{ message: Message }>('POST', this.#path, { json: { content, clientId }, timeoutMs: 4_000 })
      .catch(() => undefined)
    if (reply === undefined || reply.status >= 300) return
    const { id, seq } = reply.body.message
    // A repeat must give what the first time gave.
    if (said.stored) expect({ id, seq }).toEqual(said.stored)
    said.stored = { id, seq }
  }

  /** Everything is said again, in any order, as clients do that have lost their answers. */
  async repeatAll(): Promise<void> {
    for (const said of this.#random.shuffled(this.said)) await this.#post(said)
  }

  /** chat-presence.md I1, I2, I6, after whatever has happened. */
  async expectNothingLost(dataDir: string): Promise<void> {
    expect(integrityOf(dataDir)).toBe('ok')
    for (const reader of this.#people) {
      const messages = await messagesIn(reader, this.#path)
      expect(messages.map(({ seq }) => seq)).toEqual(messages.map((_, at) => at + 1))
      expect(new Set(messages.map(({ clientId }) => clientId)).size).toBe(messages.length)
      const byId = new Map(messages.map((message) => [message.id, message]))
      for (const { stored, content, person } of this.acknowledged)
        expect(byId.get(stored?.id ?? '')).toMatchObject({ content, seq: stored?.seq, senderId: person.id })
      const opened = await reader.http.get<CommandReply<'openChat'> & { success: boolean }>(
        `/api/chats/${this.#chatId}`,
      )
      const others = messages.filter(({ senderId }) => senderId !== reader.id)
      expect(expectSuccess(opened).chat).toMatchObject({ lastSeq: messages.length, unread: others.length })
    }
  }
}
