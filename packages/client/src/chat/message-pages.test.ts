import type { Entry, Message } from '@belfry/protocol'
import { message, told } from '@belfry/testkit/client'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isMessageEntry, MessagePages } from './message-pages.ts'

/** A chat on a server: a log, and messages as they are now. */
class Server {
  readonly log: Entry[] = []
  readonly messages: Message[] = []

  post(): void {
    const seq = this.messages.length + 1
    this.#tell(message(seq), 'message.posted')
  }

  edit(choice: number): void {
    const before = this.messages[choice % Math.max(this.messages.length, 1)]
    if (before) this.#tell({ ...before, content: `edit ${this.log.length}` }, 'message.edited')
  }

  newest(limit: number) {
    return {
      messages: this.messages.slice(-limit),
      offset: this.log.length,
      hasOlder: this.messages.length > limit,
    }
  }

  before(seq: number, limit: number) {
    const all = this.messages.filter((one) => one.seq < seq)
    return { messages: all.slice(-limit), hasOlder: all.length > limit }
  }

  after(seq: number, limit: number) {
    const all = this.messages.filter((one) => one.seq > seq)
    return { messages: all.slice(0, limit), hasNewer: all.length > limit }
  }

  around(seq: number, limit: number) {
    const from = Math.max(0, seq - limit / 2)
    const list = this.messages.slice(from, from + limit)
    return { messages: list, hasOlder: from > 0, hasNewer: from + limit < this.messages.length }
  }

  #tell(data: Message, kind: 'message.posted' | 'message.edited'): void {
    this.messages[data.seq - 1] = data
    this.log.push(told(this.log.length + 1, data, kind))
  }
}

const LIMIT = 4

const step = fc.oneof(
  { weight: 5, arbitrary: fc.constant({ do: 'post' as const }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('edit' as const), choice: fc.nat(50) }) },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('hear' as const), count: fc.integer({ min: 1, max: 4 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('ask' as const),
      what: fc.constantFrom('newest' as const, 'around' as const),
      choice: fc.nat(50),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('ask' as const),
      what: fc.constantFrom('older' as const, 'newer' as const),
      choice: fc.nat(50),
    }),
  },
  { weight: 3, arbitrary: fc.constant({ do: 'read' as const }) },
  { weight: 3, arbitrary: fc.constant({ do: 'answer' as const }) },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** A window that is told entries in order, and asks for pages that are read some time later and come later still. */
class Reader {
  readonly server = new Server()
  readonly pages = new MessagePages()
  #heard = 0
  #asked: { what: string; read: () => object; page?: object } | undefined

  run(one: Step): void {
    if (one.do === 'post') this.server.post()
    else if (one.do === 'edit') this.server.edit(one.choice)
    else if (one.do === 'hear') this.hear(one.count)
    else if (one.do === 'ask') this.#ask(one.what, one.choice)
    else if (one.do === 'read') this.#read()
    else this.#answer()
  }

  hear(count: number): void {
    for (const entry of this.server.log.slice(this.#heard, this.#heard + count)) {
      if (isMessageEntry(entry)) this.pages.hear(entry)
      this.#heard += 1
    }
  }

  finish(): void {
    this.#read()
    this.#answer()
    this.hear(this.server.log.length)
  }

  #ask(what: 'newest' | 'around' | 'older' | 'newer', choice: number): void {
    const { window } = this.pages
    if (this.#asked || (what === 'newer' && !window.hasNewer) || (what === 'older' && !window.hasOlder))
      return
    const { server } = this
    const reads = {
      newest: () => server.newest(LIMIT),
      around: () => server.around(choice % (server.messages.length + 1), LIMIT),
      older: () => server.before(window.rows[0]?.seq ?? 1, LIMIT),
      newer: () => server.after(window.rows.at(-1)?.seq ?? 0, LIMIT),
    }
    this.pages.begin()
    this.#asked = { what, read: reads[what] }
  }

  #read(): void {
    if (this.#asked) this.#asked.page ??= structuredClone(this.#asked.read())
  }

  #answer(): void {
    const { what, page } = this.#asked ?? {}
    if (!page) return
    this.#asked = undefined
    if (what === 'older' || what === 'newer') this.pages.join(page as never, what)
    else this.pages.replace(page as never)
  }
}

test('however pages and entries overtake each other, the window is what the server has in its range', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 120, size: 'max' }), (steps) => {
      const reader = new Reader()
      for (const one of steps) reader.run(one)
      reader.finish()
      const { rows, hasOlder, hasNewer } = reader.pages.window
      const { messages } = reader.server
      const first = hasOlder ? (rows[0]?.seq ?? Number.POSITIVE_INFINITY) : 1
      const last = hasNewer ? (rows.at(-1)?.seq ?? 0) : messages.length
      expect(rows).toEqual(messages.slice(first - 1, last))
    }),
    { numRuns: 500 },
  )
})
