// Every size and time of the benchmarks; the environment may shrink them for a quick look: `RUNS=1 SCALE=0.1 npm run bench`.

const numberFrom = (name: string, fallback: number): number => {
  const text = process.env[name]
  if (text === undefined || text === '') return fallback
  const value = Number(text)
  if (!Number.isFinite(value) || value <= 0) throw new Error(`${name} must be a positive number, not ${text}`)
  return value
}

const scale = numberFrom('SCALE', 1)
const scaled = (name: string, full: number): number =>
  Math.max(1, Math.round(numberFrom(name, Math.max(10, full * scale))))

export const settings = Object.freeze({
  scale,
  /** Runs of each scenario; the median is reported. */
  runs: Math.round(numberFrom('RUNS', 5)),
  warmUpMs: numberFrom('WARM_UP_MS', 4_000),
  windowMs: numberFrom('WINDOW_MS', 5_000),
  /** How long a frame may be on its way after the last request before it counts as lost. */
  drainMs: numberFrom('DRAIN_MS', 10_000),
  /** How long a run waits for other programs to leave the cores alone. */
  quietWithinMs: numberFrom('QUIET_WITHIN_MS', 30_000),
  /** How long a server is left alone before its idle memory is read: longer than one ping interval of Socket.IO (25 s). */
  idleSettleMs: numberFrom('IDLE_SETTLE_MS', 30_000),
  serverCpu: process.env.SERVER_CPU ?? '0',
  generatorCpu: process.env.GENERATOR_CPU ?? '1',
  /** The tutorial's database shares the server's core, as Belfry's storage does; set `0,1` to be more generous to it. */
  postgresCpu: process.env.POSTGRES_CPU ?? process.env.SERVER_CPU ?? '0',
  /** New connections a second while a crowd is gathered before a measurement. */
  connectPerS: numberFrom('CONNECT_PER_S', 800),
  /** A real disk: `/tmp` is memory on many machines, and an fsync there costs nothing. */
  dataRoot: process.env.BENCH_DATA ?? '/var/tmp',
  publishers: Math.round(numberFrom('PUBLISHERS', 64)),
  onlineUsers: scaled('ONLINE_USERS', 1_000),
  recipients: scaled('RECIPIENTS', 1_000),
  broadcastSockets: scaled('BROADCAST_SOCKETS', 10_000),
  accounts: scaled('ACCOUNTS', 1_000_000),
  idleSockets: scaled('IDLE_SOCKETS', 10_000),
  chatRooms: scaled('CHAT_ROOMS', 100),
  reconnecting: scaled('RECONNECTING', 5_000),
  storedItems: scaled('STORED_ITEMS', 10_000_000),
  fewItems: scaled('FEW_ITEMS', 10_000),
  /** How long it is watched who comes and goes: long against the pings of all connections. */
  presenceWindowMs: numberFrom('PRESENCE_WINDOW_MS', 30_000),
  stallSeconds: numberFrom('STALL_SECONDS', 10),
})
