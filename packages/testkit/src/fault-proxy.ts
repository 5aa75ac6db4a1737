/**
 * A TCP proxy that breaks connections on command. `up` is client → server, `down` is server → client.
 * Faults apply to connections that are open and to those that come, until `heal()`.
 */
import { connect, createServer, type Socket } from 'node:net'
import type { BelfryServer, Closable } from './belfry-server.ts'
import { delay } from './wait.ts'
import { createFrameSplitter } from './websocket-frames.ts'

export type Direction = 'up' | 'down'

export interface Faults {
  /** Each piece is held back for that long, plus a random share of `jitterMs`. */
  delayMs: number
  jitterMs: number
  /** 0: no limit. */
  bytesPerSecond: number
  /** Pieces vanish; the connection stays open, and so does its other direction. */
  isBlackHole: { up: boolean; down: boolean }
  /** New connections get no further than TCP. */
  isRefusing: boolean
  /** Every connection is reset after that many bytes to the client. */
  cutAfterBytes: number | undefined
  /** The n-th connection since `cutAtEachPacket()` is cut after n packets to the client, n from 0 and again. */
  isCuttingAtEachPacket: boolean
  /** The request goes through; the connection is cut before the first byte of the answer. */
  isCuttingAnswers: boolean
}

export interface FaultProxy extends Closable {
  readonly url: string
  readonly port: number
  readonly openConnections: number
  /** Connections accepted since the start. */
  readonly accepted: number
  /** Connections that the server has closed (or said so by a close frame), whether or not the client has noticed. */
  readonly closedByServer: number
  readonly faults: Faults
  blackHole(...directions: Direction[]): void
  cutAtEachPacket(): void
  heal(): void
  /** Closes all connections with FIN. */
  cut(): void
  /** Closes all connections with RST. */
  reset(): void
  close(): Promise<void>
}

/** Enough to get past the handshake and into the stream of pushes, few enough to come round often. */
const PACKET_BUDGETS = 24

function noFaults(): Faults {
  return {
    delayMs: 0,
    jitterMs: 0,
    bytesPerSecond: 0,
    isBlackHole: { up: false, down: false },
    isRefusing: false,
    cutAfterBytes: undefined,
    isCuttingAtEachPacket: false,
    isCuttingAnswers: false,
  }
}

interface Pair {
  client: Socket
  server: Socket
  isClosedByServer: boolean
  /** How many packets this connection may pass while `isCuttingAtEachPacket`. */
  packetBudget: number
  packets: number
  bytesDown: number
}

/** Writes one piece with the faults of the moment; false when the connection was cut instead. */
async function pass(faults: Faults, pair: Pair, direction: Direction, piece: Buffer): Promise<boolean> {
  if (faults.isBlackHole[direction]) return true
  const target = direction === 'up' ? pair.server : pair.client
  if (direction === 'down') {
    if (faults.isCuttingAnswers || (faults.isCuttingAtEachPacket && pair.packets >= pair.packetBudget))
      return false
    pair.packets += 1
    pair.bytesDown += piece.length
    const limit = faults.cutAfterBytes
    if (limit !== undefined && pair.bytesDown >= limit) {
      target.write(piece.subarray(0, Math.max(0, piece.length - (pair.bytesDown - limit))))
      return false
    }
  }
  const waitMs = faults.delayMs + Math.random() * faults.jitterMs
  if (waitMs > 0) await delay(waitMs)
  if (faults.bytesPerSecond > 0) return throttled(faults, target, piece)
  if (!target.writable) return false
  if (!target.write(piece)) await drained(target)
  return true
}

async function throttled(faults: Faults, target: Socket, piece: Buffer): Promise<boolean> {
  for (let at = 0; at < piece.length; ) {
    // Twenty slices a second: fine enough to look like a slow line, coarse enough to cost nothing.
    const slice =
      faults.bytesPerSecond > 0 ? Math.max(1, Math.ceil(faults.bytesPerSecond / 20)) : piece.length
    if (!target.writable) return false
    target.write(piece.subarray(at, at + slice))
    at += slice
    if (faults.bytesPerSecond > 0) await delay(50)
  }
  return true
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      socket.removeListener('drain', done)
      socket.removeListener('close', done)
      resolve()
    }
    socket.once('drain', done)
    socket.once('close', done)
  })
}

function noteServerClose(pair: Pair): void {
  pair.isClosedByServer = true
}

/** A WebSocket close frame: FIN and opcode 8, which no text begins with. */
const CLOSE_FRAME = 0x88

type Splitter = (chunk: Buffer) => Buffer[]
/** Of a line that says nothing of the web. */
const unsplit: Splitter = (chunk) => [chunk]

function pump(faults: Faults, pair: Pair, direction: Direction, split: Splitter): void {
  const [from, to] = direction === 'up' ? [pair.client, pair.server] : [pair.server, pair.client]
  let queue = Promise.resolve()
  from.on('data', (chunk: Buffer) => {
    from.pause()
    queue = queue.then(async () => {
      for (const piece of split(chunk)) {
        if (split !== unsplit && piece[0] === CLOSE_FRAME) noteServerClose(pair)
        if (await pass(faults, pair, direction, piece)) continue
        from.destroy()
        to.destroy()
        return
      }
      from.resume()
    })
  })
  // A black hole swallows the end of a connection too: the other side must find out by itself.
  from.on('end', () => void queue.then(() => faults.isBlackHole[direction] || to.end()))
  from.on('close', () => void queue.then(() => faults.isBlackHole[direction] || to.destroy()))
  from.on('error', () => undefined)
}

interface Target {
  port: number
  /** Whether it answers with HTTP and frames of WebSockets, which are then never cut apart. */
  isWeb: boolean
}

class TcpProxy implements FaultProxy {
  readonly faults = noFaults()
  accepted = 0
  readonly port: number
  readonly url: string
  readonly #listener: ReturnType<typeof createServer>
  readonly #pairs = new Set<Pair>()
  #cutFrom = 0
  #closed = 0

  constructor(listener: ReturnType<typeof createServer>, port: number, target: Target) {
    this.#listener = listener
    this.port = port
    this.url = `http://127.0.0.1:${port}`
    listener.on('connection', (client) => this.#accept(client, target))
  }

  #accept(client: Socket, target: Target): void {
    const packetBudget = (this.accepted++ - this.#cutFrom) % PACKET_BUDGETS
    client.on('error', () => undefined)
    if (this.faults.isRefusing) return void client.resetAndDestroy()
    client.setNoDelay(true)
    const server = connect({ port: target.port, host: '127.0.0.1', noDelay: true })
    const pair: Pair = { client, server, isClosedByServer: false, packetBudget, packets: 0, bytesDown: 0 }
    this.#pairs.add(pair)
    const forget = () => {
      if (!client.destroyed || !server.destroyed || !this.#pairs.delete(pair)) return
      if (pair.isClosedByServer) this.#closed += 1
    }
    client.once('close', forget)
    server.once('close', forget)
    server.once('end', () => noteServerClose(pair))
    pump(this.faults, pair, 'up', unsplit)
    pump(this.faults, pair, 'down', target.isWeb ? createFrameSplitter() : unsplit)
  }

  get closedByServer(): number {
    return this.#closed + [...this.#pairs].filter((pair) => pair.isClosedByServer).length
  }

  get openConnections(): number {
    return this.#pairs.size
  }

  blackHole(...directions: Direction[]): void {
    for (const direction of directions) this.faults.isBlackHole[direction] = true
  }

  cutAtEachPacket(): void {
    this.#cutFrom = this.accepted
    this.faults.isCuttingAtEachPacket = true
    this.cut()
  }

  heal(): void {
    Object.assign(this.faults, noFaults())
    for (const { client, server } of this.#pairs) {
      if (client.destroyed) server.destroy()
      if (server.destroyed) client.destroy()
    }
  }

  cut(): void {
    for (const { client, server } of this.#pairs) {
      client.destroy()
      server.destroy()
    }
  }

  reset(): void {
    for (const { client, server } of this.#pairs) {
      client.resetAndDestroy()
      server.resetAndDestroy()
    }
  }

  async close(): Promise<void> {
    this.cut()
    await new Promise((resolve) => this.#listener.close(resolve))
  }
}

/** A proxy in front of the server, on a free loopback port; closed with the server's other clients. */
export async function createFaultProxy(server: BelfryServer): Promise<FaultProxy> {
  return server.own(await openProxy({ port: server.port, isWeb: true }))
}

/** The same before any server on this machine. */
export function createPortProxy(port: number): Promise<FaultProxy> {
  return openProxy({ port, isWeb: false })
}

async function openProxy(target: Target): Promise<FaultProxy> {
  const listener = createServer({ allowHalfOpen: true })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const address = listener.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return new TcpProxy(listener, address.port, target)
}
