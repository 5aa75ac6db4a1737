/** Three nodes under load, and whatever can break breaks, one or two things at a time. */
import {
  admin,
  attempt,
  type BelfryServer,
  delay,
  eventually,
  History,
  http,
  type Person,
  type Random,
  register,
  resolveUnknown,
  seeded,
} from '@belfry/testkit'
import { expect } from 'vitest'
import { newChat } from './chats.ts'
import { type Cluster, Follower, startCluster } from './cluster.ts'
import { findProblems, startLoad } from './load.ts'

const PEOPLE = 6
const TABS = 3
/** After the last fault has ended: lines come back, cursors are answered. Source: reliability.md, T_sync, with a node's start. */
const HEALED_WITHIN_MS = 20_000

interface Fault {
  name: string
  /** Resolves when all is well again, as far as the fault is concerned. */
  strike(cluster: Cluster, random: Random): Promise<void>
}

const pick = (cluster: Cluster, random: Random) => random.pick(cluster.nodes)

/** As a supervisor does: a node that finds no database ends, and is started again. */
async function supervise(node: BelfryServer): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      return await node.start()
    } catch (error) {
      if (tries === 30) throw error
      await delay(500)
    }
  }
}

const FAULTS: readonly Fault[] = [
  {
    name: 'a node is killed, and started again',
    async strike(cluster, random) {
      const node = pick(cluster, random)
      await node.stop('SIGKILL')
      await delay(random.int(0, 2000))
      await supervise(node)
    },
  },
  {
    name: 'the bus stops',
    async strike({ bus }, random) {
      await bus.stop()
      await delay(random.int(1000, Number(process.env.BUS_AWAY_MS ?? 8000)))
      await bus.start()
    },
  },
  {
    name: 'the bus freezes',
    async strike({ bus }, random) {
      bus.freeze()
      await delay(random.int(1000, 8000))
      bus.thaw()
    },
  },
  {
    name: 'the database is restarted',
    async strike({ database }, random) {
      await database.stop(random.pick(['SIGQUIT', 'SIGINT', 'SIGKILL'] as const))
      await delay(random.int(0, 1500))
      await database.start()
    },
  },
  {
    name: 'a node is cut off from database and bus',
    async strike(cluster, random) {
      const lines = cluster.linesOf(pick(cluster, random))
      for (const line of lines) line.blackHole('up', 'down')
      await delay(random.int(1000, 8000))
      for (const line of lines) {
        line.heal()
        line.reset()
      }
    },
  },
  {
    name: 'a node stands still',
    async strike(cluster, random) {
      const node = pick(cluster, random)
      node.signal('SIGSTOP')
      await delay(random.int(1000, 7000))
      node.signal('SIGCONT')
    },
  },
  {
    name: 'connections between nodes, database and bus are reset',
    async strike(cluster) {
      for (const node of cluster.nodes) for (const line of cluster.linesOf(node)) line.reset()
    },
  },
]

interface ChatLog {
  ann: Person
  bob: Person
  chatId: string
  acked: string[]
}

/** Two people who talk, each message until it is taken. */
function startTalk(talk: ChatLog): () => Promise<void> {
  let isOver = false
  const speak = async (from: Person) => {
    for (let count = 0; !isOver; count++) {
      const clientId = `${from.id}-${talk.acked.length}-${count}`
      for (;;) {
        const json = { content: clientId, clientId }
        const status = await from.http.request('POST', `/api/chats/${talk.chatId}/messages`, { json }).then(
          (reply) => reply.status,
          () => 0,
        )
        if (status === 200 || status === 201) break
        await delay(50)
      }
      talk.acked.push(clientId)
      await delay(20)
    }
  }
  const both = Promise.all([speak(talk.ann), speak(talk.bob)])
  return async () => {
    isOver = true
    await both
  }
}

async function historyOf(person: Person, chatId: string): Promise<string[]> {
  const texts: string[] = []
  let before: number | undefined
  for (;;) {
    const { body } = await person.http.get<{
      messages: { content: string; seq: number; messageType: string }[]
    }>(`/api/chats/${chatId}/messages?limit=100${before === undefined ? '' : `&before=${before}`}`)
    const { messages } = body as { messages: { content: string; seq: number; messageType: string }[] }
    if (messages.length === 0) return texts
    texts.unshift(
      ...messages.filter(({ messageType }) => messageType !== 'system').map(({ content }) => content),
    )
    before = Math.min(...messages.map(({ seq }) => seq))
  }
}

export interface ChaosOptions {
  bus: 'redis' | 'nats'
  rounds: number
  /** Only these. */
  faults?: readonly string[]
  /** Of the server; then it is to fail. */
  mutant?: string
}

export async function chaos({ bus, rounds, faults, mutant }: ChaosOptions): Promise<void> {
  const random = seeded(`chaos over ${bus}`)
  const cluster = await startCluster(3, {
    kind: bus,
    canCut: true,
    ...(mutant === undefined ? {} : { mutant }),
  })
  const chosen = FAULTS.filter(({ name }) => faults?.includes(name) ?? true)
  try {
    await new Chaos(cluster, random, chosen).run(rounds)
  } finally {
    await cluster.close()
  }
}

class Chaos {
  readonly #cluster: Cluster
  readonly #random: Random
  readonly #faults: readonly Fault[]
  readonly #history = new History()
  readonly #people: Person[] = []
  readonly #followers: { person: Person; follower: Follower }[] = []

  constructor(cluster: Cluster, random: Random, faults: readonly Fault[]) {
    this.#cluster = cluster
    this.#random = random
    this.#faults = faults
  }

  async run(rounds: number): Promise<void> {
    const { nodes, url } = this.#cluster
    const [first] = nodes as [BelfryServer]
    const anywhere = { ...first, url }
    const roam = (person: Person): Person => ({ ...person, http: http(anywhere, person.token) })
    const sender = roam(await admin(first))
    for (let count = 0; count < PEOPLE; count++) this.#people.push(roam(await register(first)))
    const [ann, bob] = this.#people as [Person, Person]
    const talk: ChatLog = { ann, bob, chatId: (await newChat(ann, [bob.id])).id, acked: [] }
    for (const person of this.#people)
      for (let tab = 0; tab < TABS; tab++)
        this.#followers.push({ person, follower: new Follower(first, url, person) })
    const areFollowing = () => this.#followers.every(({ follower }) => follower.isFollowing)
    await eventually('all clients follow', areFollowing, HEALED_WITHIN_MS)
    for (let round = 1; round <= rounds; round++) {
      const load = startLoad({
        ...{ history: this.#history, client: sender.http, recipients: this.#people },
        ...{ random: this.#random, parallel: 3 },
      })
      const endTalk = startTalk(talk)
      await this.#strike(round)
      await load.stop()
      await endTalk()
      await this.#check(sender, talk)
    }
    for (const { follower } of this.#followers) follower.close()
    process.stdout.write(
      `${this.#history.operations.length} sends, ${this.#history.withOutcome('ok').length} acknowledged at once or by a repeat; ` +
        `${talk.acked.length} messages\n`,
    )
  }

  async #strike(round: number): Promise<void> {
    const faults = this.#random.shuffled(this.#faults).slice(0, this.#random.int(1, 2))
    process.stdout.write(`round ${round}: ${faults.map(({ name }) => name).join(', and ')}\n`)
    await delay(this.#random.int(100, 500))
    // One overlaps the other. What a stopped node is cannot be started, and so they come one after the other where they meet.
    await Promise.all(faults.map((fault) => fault.strike(this.#cluster, this.#random)))
    await Promise.all(this.#cluster.nodes.map((node) => (node.isAlive ? undefined : supervise(node))))
  }

  async #check(sender: Person, talk: ChatLog): Promise<void> {
    const isReady = async () => {
      const ready = (node: BelfryServer) =>
        http(node)
          .get<{ writable: boolean }>('/readyz')
          .then(
            ({ status, body }) => status === 200 && body?.writable === true,
            () => false,
          )
      return (await Promise.all(this.#cluster.nodes.map(ready))).every(Boolean)
    }
    await eventually('all nodes are ready', isReady, HEALED_WITHIN_MS)
    const takesAll = async () => {
      const operation = this.#history.invoke([talk.ann.id], { audience: { user: talk.ann.id } })
      await attempt(this.#history, sender.http, operation)
      return operation.outcome === 'ok'
    }
    await eventually('commands are taken', takesAll, HEALED_WITHIN_MS)
    // Reads first, and only then repeats what is open: a repeat would hide a loss.
    expect(await findProblems(this.#history, this.#people)).toEqual([])
    expect(await resolveUnknown(this.#history, sender, this.#random)).toEqual([])
    expect(await findProblems(this.#history, this.#people)).toEqual([])
    const wrong = () =>
      this.#followers.flatMap(({ person, follower }) =>
        this.#history
          .acked(person.id)
          .filter(({ message }) => follower.messages.get(message) !== 1)
          .map(({ message }) => `${message}: ${follower.messages.get(message) ?? 0} times at ${person.id}`),
      )
    await eventually('every client has everything', () => wrong().length === 0, HEALED_WITHIN_MS).catch(
      () => {},
    )
    expect(wrong()).toEqual([])
    const [his, hers] = [await historyOf(talk.bob, talk.chatId), await historyOf(talk.ann, talk.chatId)]
    expect(his).toEqual(hers)
    expect(his.toSorted()).toEqual(talk.acked.toSorted())
  }
}
