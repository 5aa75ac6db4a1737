import { ackEvent, type Cursor, cursorFromEvent, syncRequest } from '../belfry-cursor.ts'
import { forEachMark } from '../wire/mark.ts'
import { WireSocket, type WireSocketListener } from '../wire/wire-socket.ts'
import type { ConnectInput, ConnectReport } from './commands.ts'

// Waiting longer than Socket.IO's connect timeout (45 s) tells nothing new about a connection that is not ready.
const READY_WITHIN_MS = 60_000
const TICK_MS = 5
/** Source: ui.md C4. */
const ACK_AFTER_MS = 1_000
const NOTICE = '42["notice"'

/** All connections of the load generator, by recipient. */
export class Fleet {
  readonly #onMark: (sequence: number, recipient: number) => void
  /** Called with every event, while somebody wants to know. */
  onEvent: ((text: string) => void) | undefined
  #sockets: WireSocket[] = []
  #input: ConnectInput = { port: 0, sockets: [], perS: null }
  readonly #cursors = new Map<number, Map<string, number>>()
  readonly #epochs = new Map<number, string>()
  readonly #closed = new Set<number>()
  readonly #unacknowledged = new Set<number>()

  constructor(onMark: (sequence: number, recipient: number) => void) {
    this.#onMark = onMark
  }

  get closed(): readonly number[] {
    return [...this.#closed]
  }

  connect(input: ConnectInput): Promise<ConnectReport> {
    this.#input = input
    this.#cursors.clear()
    return this.#gather([...input.sockets.keys()], input.perS)
  }

  reconnect(indexes: readonly number[] | 'all', perS: number | null): Promise<ConnectReport> {
    return this.#gather(indexes === 'all' ? [...this.#input.sockets.keys()] : indexes, perS)
  }

  disconnect(): void {
    for (const socket of this.#sockets) socket?.destroy()
    this.#closed.clear()
  }

  get size(): number {
    return this.#sockets.length
  }

  at(index: number): WireSocket {
    const socket = this.#sockets[index]
    if (socket === undefined) throw new Error(`there is no connection ${index}`)
    return socket
  }

  #gather(indexes: readonly number[], perS: number | null): Promise<ConnectReport> {
    const { promise, resolve } = Promise.withResolvers<ConnectReport>()
    const startedAt = performance.now()
    let ready = 0
    let failed = 0
    let firstFailure: string | null = null
    const timeout = setTimeout(
      () => finish(),
      READY_WITHIN_MS + (perS === null ? 0 : (indexes.length / perS) * 1_000),
    )
    const finish = (): void => {
      clearTimeout(timeout)
      resolve({ durationMs: performance.now() - startedAt, ready, firstFailure })
    }
    const settled = (): void => {
      if (ready + failed === indexes.length) finish()
    }
    const listener = this.#listener({
      ready: () => {
        ready++
        settled()
      },
      failed: (reason) => {
        failed++
        firstFailure ??= reason
        settled()
      },
    })
    this.#openAll(indexes, perS, listener)
    return promise
  }

  #openAll(indexes: readonly number[], perS: number | null, listener: WireSocketListener): void {
    const startedAt = performance.now()
    let opened = 0
    const openDue = (): void => {
      const due = perS === null ? indexes.length : Math.ceil(((performance.now() - startedAt) * perS) / 1_000)
      for (; opened < Math.min(due, indexes.length); opened++) this.#open(indexes[opened] ?? 0, listener)
      if (opened < indexes.length) setTimeout(openDue, TICK_MS)
    }
    openDue()
  }

  #open(index: number, listener: WireSocketListener): void {
    const spec = this.#input.sockets[index]
    if (spec === undefined) throw new Error(`there is no client ${index}`)
    const cursor = this.#cursorOf(index)
    const packet = spec.connectPacket
    const connectPacket =
      packet === null || cursor === null
        ? packet
        : `${packet.slice(0, -1)},"cursor":${JSON.stringify(cursor)}}`
    this.#closed.delete(index)
    this.#sockets[index] = new WireSocket(
      index,
      spec.port ?? this.#input.port,
      { ...spec, connectPacket },
      listener,
    )
  }

  #cursorOf(index: number): Cursor | null {
    const offsets = this.#cursors.get(index)
    const epoch = this.#epochs.get(index)
    return offsets === undefined || epoch === undefined
      ? null
      : { epoch, offsets: Object.fromEntries(offsets) }
  }

  #listener(on: { ready: () => void; failed: (reason: string) => void }): WireSocketListener {
    const readySockets = new WeakSet<WireSocket>()
    return {
      ready: (socket) => {
        readySockets.add(socket)
        on.ready()
      },
      closed: (socket, reason) => {
        if (readySockets.has(socket)) this.#closed.add(socket.index)
        else on.failed(reason)
      },
      event: (socket, text) => {
        if (socket.spec.keepsCursor) this.#track(socket, text)
        this.onEvent?.(text)
        // The beginning of a message, which its entry has brought already.
        if (text.startsWith(NOTICE)) return
        forEachMark(text, (sequence) => this.#onMark(sequence, socket.index))
      },
    }
  }

  #track(socket: WireSocket, text: string): void {
    const seen = cursorFromEvent(text)
    if (seen === null) return
    const { index } = socket
    if (seen.epoch !== null) this.#epochs.set(index, seen.epoch)
    const offsets = this.#cursors.get(index) ?? new Map<string, number>()
    for (const [topic, offset] of seen.offsets) offsets.set(topic, Math.max(offset, offsets.get(topic) ?? 0))
    this.#cursors.set(index, offsets)
    if (socket.spec.acknowledges) this.#acknowledgeSoon(index)
    const cursor = this.#cursorOf(index)
    if (seen.hasMore && cursor !== null) socket.send(syncRequest(cursor))
  }

  #acknowledgeSoon(index: number): void {
    if (this.#unacknowledged.has(index)) return
    this.#unacknowledged.add(index)
    setTimeout(() => {
      this.#unacknowledged.delete(index)
      const cursor = this.#cursorOf(index)
      if (cursor !== null && !this.at(index).isClosed) this.at(index).send(ackEvent(cursor))
    }, ACK_AFTER_MS)
  }
}
