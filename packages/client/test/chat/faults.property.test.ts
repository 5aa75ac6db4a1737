import type { ChatView } from '@belfry/client/chat'
import type { Entry } from '@belfry/protocol'
import { type Asked, CHAT, chatting, type FakeChats, settled } from '@belfry/testkit/client'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ModelServer } from './model-server.ts'

const PAGE = 5

const step = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ do: 'bobPosts' as const }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('edit' as const), choice: fc.nat(50) }) },
  { weight: 3, arbitrary: fc.constant({ do: 'adaSends' as const }) },
  // Which of the entries on their way comes next, or goes, or comes twice.
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom('deliver', 'deliver', 'repeat', 'drop'),
      choice: fc.nat(3),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom('answer' as const, 'answer' as const, 'loseAnswer' as const),
      choice: fc.nat(3),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'cut' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'older' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 100, max: 15_000 }) }),
  },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** A client and a server, with everything that may go wrong between them. */
class Between {
  readonly server = new ModelServer()
  readonly #fake: FakeChats
  readonly #view: ChatView
  #underway: Entry[] = []
  #told = 0
  readonly #answered = new Set<Asked>()
  #sent = 0
  #welcomed = 0

  constructor(fake: FakeChats) {
    this.#fake = fake
    this.#view = fake.chats.open(CHAT)
  }

  async run(one: Step): Promise<void> {
    const { world } = this.#fake
    switch (one.do) {
      case 'bobPosts':
        this.server.post('bob', `bob-${this.server.log.length}`, 'from bob')
        break
      case 'edit':
        this.server.edit(one.choice)
        break
      case 'adaSends':
        this.#send()
        break
      case 'older':
        this.#view.loadOlder().catch(() => undefined)
        break
      case 'cut':
        await world.socket.end()
        break
      case 'wait':
        await world.clock.advance(one.ms)
        break
      case 'answer':
      case 'loseAnswer':
        await this.#answer(one.choice, one.do === 'answer')
        break
      default:
        await this.#deliver(one.do, one.choice)
    }
    await this.#meet()
  }

  /** Everything arrives from now on. */
  async heal(): Promise<void> {
    for (let round = 0; round < 60; round += 1) {
      await this.#fake.world.clock.advance(1_000)
      await this.#meet()
      while (this.#underway.length > 0) await this.#deliver('deliver', 0)
      while (this.#open.length > 0) await this.#answer(0, true)
    }
  }

  shown() {
    const { messages, hasOlder, hasNewer } = this.#view.getSnapshot()
    return { hasOlder, hasNewer, rows: messages.map(({ seq, content }) => [seq, content]) }
  }

  get sentTexts(): string[] {
    return Array.from({ length: this.#sent }, (_, n) => `own ${n + 1}`)
  }

  #send(): void {
    this.#sent += 1
    void this.#view.send({ content: `own ${this.#sent}` })
  }

  get #open(): Asked[] {
    const { sockets } = this.#fake.world
    const socket = sockets.at(-1)
    return socket?.isOpen ? socket.asked.filter((asked) => !this.#answered.has(asked)) : []
  }

  /** What the server answers of itself: a handshake with a sync; and a commit with an entry on its way. */
  async #meet(): Promise<void> {
    const { sockets } = this.#fake.world
    const socket = sockets.at(-1)
    if (socket?.isOpen && this.#welcomed < sockets.length) {
      this.#welcomed = sockets.length
      this.#underway = []
      this.#told = this.server.log.length
      await socket.welcome(this.server.sync(socket.request.auth.cursor as never))
    }
    this.#underway.push(...this.server.log.slice(this.#told))
    this.#told = this.server.log.length
    await settled()
  }

  async #answer(choice: number, isHeard: boolean): Promise<void> {
    const asked = this.#open[choice % Math.max(this.#open.length, 1)]
    if (!asked) return
    this.#answered.add(asked)
    const data = this.server.answer(asked)
    if (isHeard) await asked.ok(data)
  }

  async #deliver(what: 'deliver' | 'repeat' | 'drop', choice: number): Promise<void> {
    const at = choice % Math.max(this.#underway.length, 1)
    const entry = this.#underway[at]
    if (!entry) return
    if (what !== 'repeat') this.#underway.splice(at, 1)
    if (what !== 'drop') await this.#fake.world.socket.entries(structuredClone(entry))
  }
}

test('whatever is cut, lost, repeated or out of order, the window ends as the server has it, and each own message once and in order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60, size: 'max' }), async (steps) => {
      const between = new Between(await chatting({ pageSize: PAGE }))
      for (const one of steps) await between.run(one)
      await between.heal()
      const { rows, hasOlder, hasNewer } = between.shown()
      const { messages } = between.server
      const first = hasOlder ? Number(rows[0]?.[0]) : 1
      expect(hasNewer).toBe(false)
      expect(rows).toEqual(messages.slice(first - 1).map(({ seq, content }) => [seq, content]))
      expect(between.server.fromAda).toEqual(between.sentTexts)
    }),
    { numRuns: 100 },
  )
}, 60_000)
