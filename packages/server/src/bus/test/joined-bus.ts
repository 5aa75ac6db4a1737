import type { LogEntry } from '../../store/store.ts'
import { createDraw } from '../../test/random.ts'
import { Arrivals } from '../arrivals.ts'
import type { Bus, BusListener, BusStats, Channel } from '../bus.ts'
import { CALM, LossyWire, type Weather } from './lossy-wire.ts'

/** How often it is looked what is due. */
const DELIVER_EVERY_MS = 2

/** One bus for several nodes of this process, as good or bad as its weather, which a seed repeats. */
export class JoinedBus {
  readonly #wire: LossyWire
  readonly #timer: NodeJS.Timeout
  readonly #nodes = new Set<JoinedNode>()
  #count = 0
  #isDown = false

  constructor({ seed = 1, weather = CALM }: { seed?: number; weather?: Weather } = {}) {
    this.#wire = new LossyWire(createDraw(seed))
    this.#wire.weather = weather
    this.#timer = setInterval(() => this.#wire.deliver(Date.now()), DELIVER_EVERY_MS).unref()
  }

  set weather(weather: Weather) {
    this.#wire.weather = weather
  }

  get isDown(): boolean {
    return this.#isDown
  }

  /** While it is down nothing comes over; whoever joins it hears when it is back. */
  set isDown(isDown: boolean) {
    const isBack = this.#isDown && !isDown
    this.#isDown = isDown
    if (isBack) for (const node of this.#nodes) node.reconnected()
  }

  /** The end of one more node. */
  join(): Bus {
    const name = `n${this.#count++}`
    const node: JoinedNode = new JoinedNode({
      isUp: () => !this.#isDown,
      send: (message) => {
        if (!this.#isDown) this.#wire.send({ ...message, from: name }, Date.now())
      },
      leave: () => {
        this.#wire.leave(name)
        this.#nodes.delete(node)
      },
    })
    this.#nodes.add(node)
    // What arrives is what another node has sent: the wire adds nothing.
    this.#wire.join(name, (message) => {
      const sent = message as Sent
      if (!this.#isDown && sent.from !== name) node.take(sent)
    })
    return node
  }

  close(): void {
    clearInterval(this.#timer)
  }
}

interface Sent {
  from?: string
  entry?: LogEntry
  told?: { channel: Channel; message: unknown }
}

class JoinedNode implements Bus {
  readonly #ends: { isUp(): boolean; send(message: Sent): void; leave(): void }
  readonly #arrivals = new Arrivals()
  readonly #topics = new Set<string>()
  readonly #told = new Map<Channel, (message: unknown) => void>()
  readonly #connected: (() => void)[] = []
  readonly #stats: BusStats = { published: 0, received: 0, dropped: 0, refused: 0 }
  #listener: BusListener | undefined
  #isClosed = false

  constructor(ends: { isUp(): boolean; send(message: Sent): void; leave(): void }) {
    this.#ends = ends
  }

  get isConnected(): boolean {
    return this.#ends.isUp()
  }

  publish(entries: LogEntry[]): void {
    if (this.#isClosed) return
    this.#listener?.onEntries(entries, true)
    this.#stats.published += entries.length
    for (const entry of entries) this.#ends.send({ entry })
  }

  subscribe(listener: BusListener): void {
    this.#listener = listener
  }

  stats(): BusStats {
    return this.#stats
  }

  listen(topic: string): void {
    this.#topics.add(topic)
    this.#arrivals.add(topic)
  }

  unlisten(topic: string): void {
    this.#topics.delete(topic)
    this.#arrivals.delete(topic)
  }

  onListening(listener: (topics: readonly string[]) => void): void {
    this.#arrivals.onArrived(listener)
  }

  tell(channel: Channel, message: unknown): void {
    if (!this.#isClosed) this.#ends.send({ told: { channel, message } })
  }

  onTold(channel: Channel, listener: (message: unknown) => void): void {
    this.#told.set(channel, listener)
  }

  onConnected(listener: () => void): void {
    this.#connected.push(listener)
  }

  reconnected(): void {
    for (const listener of this.#connected) listener()
  }

  take({ entry, told }: Sent): void {
    this.#stats.received += 1
    if (entry && this.#topics.has(entry.topic)) this.#listener?.onEntries([entry], false)
    if (told) this.#told.get(told.channel)?.(told.message)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#listener = undefined
    this.#told.clear()
    this.#arrivals.close()
    this.#ends.leave()
  }
}
