import type { Device, Environment, Hint, OpenSocket, SocketHandlers, SocketPort } from '@belfry/client/parts'
import { Passage } from './passage.ts'
import { Store } from './store.ts'

/** Source of both numbers: ui.md §7, switches of the playground. */
const LATE_MS = 2_000
const DROPPED_EVERY = 3
/** Shorter than an answer is waited for (ui.md C7): a laptop that sleeps stops its clocks, which a page cannot. */
export const SLEEP_MS = 5_000

export interface Faults {
  /** No network, as in a tunnel. */
  isOff: boolean
  /** What comes, comes 2 s later. */
  isSlow: boolean
  /** Every third answer is lost; what was asked has happened all the same. */
  dropsAnswers: boolean
  /** Nothing passes, and nobody knows; then everything at once. */
  isAsleep: boolean
}

const NONE: Faults = { isOff: false, isSlow: false, dropsAnswers: false, isAsleep: false }

interface Cable {
  passages: readonly Passage[]
  cut(): void
}

/** A client's line with switches for what goes wrong on real ones. */
export class FaultyLine {
  readonly store = new Store<Faults>(NONE)
  /** The given surroundings, with this line in place of theirs. */
  readonly environment: Environment
  readonly #inner: Environment
  readonly #cables = new Set<Cable>()
  readonly #listeners = new Set<(hint: Hint) => void>()
  #answers = 0
  #cancelWake = (): void => undefined

  constructor(inner: Environment) {
    this.#inner = inner
    this.environment = { ...inner, openSocket: this.#open, device: this.#device(inner.device) }
  }

  setOff(isOff: boolean): void {
    this.store.update({ isOff })
    if (isOff) for (const cable of [...this.#cables]) cable.cut()
    else this.#hint('networkUp')
  }

  setSlow(isSlow: boolean): void {
    this.store.update({ isSlow })
  }

  setDropsAnswers(dropsAnswers: boolean): void {
    this.#answers = 0
    this.store.update({ dropsAnswers })
  }

  /** For 5 s, or until `wake`. */
  sleep(): void {
    this.store.update({ isAsleep: true })
    this.#hint('hidden')
    for (const passage of this.#passages()) passage.hold()
    this.#cancelWake()
    this.#cancelWake = this.#inner.clock.schedule(() => this.wake(), SLEEP_MS)
  }

  wake(): void {
    this.#cancelWake()
    this.store.update({ isAsleep: false })
    for (const passage of this.#passages()) passage.release()
    this.#hint('shown')
  }

  readonly #open: OpenSocket = (request, handlers) => {
    const { clock } = this.#inner
    const { isOff, isAsleep } = this.store.getSnapshot()
    if (isOff) {
      const cancel = clock.schedule(() => handlers.onEnd({ message: 'no network' }), 0)
      return { emit: () => undefined, close: cancel }
    }
    const [inwards, outwards] = [new Passage(clock, isAsleep), new Passage(clock, isAsleep)]
    const socket = this.#inner.openSocket(request, this.#late(handlers, inwards))
    const close = () => {
      this.#cables.delete(cable)
      for (const passage of cable.passages) passage.clear()
      socket.close()
    }
    const cable: Cable = {
      passages: [inwards, outwards],
      cut() {
        close()
        handlers.onEnd({ message: 'no network' })
      },
    }
    this.#cables.add(cable)
    return { emit: this.#emit(socket, inwards, outwards), close }
  }

  #late(handlers: SocketHandlers, inwards: Passage): SocketHandlers {
    const late = (run: () => void) => inwards.send(run, this.#lateMs)
    return {
      onTransport: (transport) => late(() => handlers.onTransport(transport)),
      onFrame: (event, payload) => late(() => handlers.onFrame(event, payload)),
      onEnd: (end) => late(() => handlers.onEnd(end)),
    }
  }

  #emit(socket: SocketPort, inwards: Passage, outwards: Passage): SocketPort['emit'] {
    return (event, payload, onAck) => {
      const answered = (answer: unknown) => {
        if (!this.#losesOne()) inwards.send(() => onAck(answer), this.#lateMs)
      }
      outwards.send(() => socket.emit(event, payload, answered), 0)
    }
  }

  #losesOne(): boolean {
    if (!this.store.getSnapshot().dropsAnswers) return false
    this.#answers += 1
    return this.#answers % DROPPED_EVERY === 0
  }

  get #lateMs(): number {
    return this.store.getSnapshot().isSlow ? LATE_MS : 0
  }

  #passages(): readonly Passage[] {
    return [...this.#cables].flatMap(({ passages }) => passages)
  }

  #hint(hint: Hint): void {
    for (const listener of [...this.#listeners]) listener(hint)
  }

  #device(device: Device): Device {
    return {
      id: device.id,
      isOnline: () => !this.store.getSnapshot().isOff && device.isOnline(),
      isHidden: () => device.isHidden(),
      watch: (listener) => {
        this.#listeners.add(listener)
        const stop = device.watch(listener)
        return () => {
          this.#listeners.delete(listener)
          stop()
        }
      },
    }
  }
}
