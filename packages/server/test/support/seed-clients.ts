/**
 * The seeds' browser code as an unmodified client would run it: what it emits, which event it listens to, which routes
 * it calls, and the list that it shows. `open` is a page load, `close` is leaving the page.
 */
import {
  type BelfryServer,
  connect,
  http,
  type Note,
  type Person,
  type SocketRecorder,
} from '@belfry/testkit'

export interface SeedTab {
  readonly socket: SocketRecorder
  /** What the page shows, newest first. */
  readonly shown: Note[]
  /** The badge. */
  readonly unread: number
  /** What the page does when it is opened or reloaded. */
  load(): Promise<void>
  /** Resolves when the server has handled everything that the page emitted so far. */
  settled(): Promise<void>
  close(): void
}

export type OpenTab = (server: BelfryServer, person: Person, url?: string) => Promise<SeedTab>

interface Script {
  /** Handshake `auth`, as the seed gives it. */
  auth(person: Person): Record<string, string> | undefined
  /** Emitted on every `connect`. */
  announce?(socket: SocketRecorder, person: Person): void
  /** The events that add to the page's list. */
  listens: readonly string[]
  /** The list that the page fetches when it is opened; seeds that are caught up by pushes fetch nothing. */
  fetch?(server: BelfryServer, person: Person): Promise<Note[]>
}

class Tab implements SeedTab {
  readonly socket: SocketRecorder
  shown: Note[] = []
  readonly #load: () => Promise<Note[]>
  readonly #userId: string

  constructor(socket: SocketRecorder, script: Script, userId: string, load: () => Promise<Note[]>) {
    this.socket = socket
    this.#userId = userId
    this.#load = load
    for (const name of script.listens) {
      socket.socket.on(name, (note: Note) => this.shown.unshift(note))
    }
  }

  get unread(): number {
    return this.shown.filter((note) => !note.isRead).length
  }

  async load(): Promise<void> {
    this.shown = []
    const listed = await this.#load()
    const known = new Set(listed.map(({ id }) => id))
    // What was pushed while the list was on its way stays on top, as in the seeds' `[new, ...old]`.
    this.shown = [...this.shown.filter(({ id }) => !known.has(id)), ...listed]
  }

  async settled(): Promise<void> {
    await this.socket.ack('get-unread-count', this.#userId)
  }

  close(): void {
    this.socket.close()
  }
}

function opener(script: Script): OpenTab {
  return async (server, person, url) => {
    const socket = connect(server, script.auth(person), {
      autoConnect: false,
      ...(url === undefined ? {} : { url, timeoutMs: 2_000 }),
    })
    const tab = new Tab(socket, script, person.id, async () => (await script.fetch?.(server, person)) ?? [])
    socket.socket.on('connect', () => script.announce?.(socket, person))
    socket.socket.connect()
    await socket.connected()
    await tab.settled()
    if (script.fetch) await tab.load()
    return tab
  }
}

const fetchOwn = async (_: BelfryServer, person: Person): Promise<Note[]> =>
  (await person.http.get('/api/notifications')).body.notifications ?? []

const TYPED_EVENTS = [
  'order:new',
  'order:updated',
  'inventory:lowStock',
  'project:updated',
  'task:assigned',
  'budget:alert',
  'system:alert',
  'notification:received',
]

/** In open mode the seeds that name an id send no `auth`; in account mode they must bring a token. */
const tokenIfAny = (person: Person) => (person.token === '' ? undefined : { token: person.token })

export const SEEDS = {
  /** Token, `notification`, list fetched on load. */
  seed000: opener({ auth: ({ auth }) => auth, listens: ['notification'], fetch: fetchOwn }),
  /** `register_user`, `send_notification`; what was missed is pushed. */
  seed001: opener({
    auth: tokenIfAny,
    announce: (socket, { id }) => socket.emit('register_user', id),
    listens: ['send_notification'],
  }),
  /** Names its id in the handshake, `notification`, list fetched by its own id. */
  seed002: opener({
    auth: ({ auth }) => auth,
    listens: ['notification'],
    fetch: async (server, person) =>
      (await http(server, person.http.identity).get<Note[]>(`/api/notifications/${person.id}`)).body,
  }),
  /** `user-join`, `join-notifications`, `new-notification`; what was missed is pushed. */
  seed003: opener({
    auth: tokenIfAny,
    announce: (socket, { id }) => {
      socket.emit('user-join', id)
      socket.emit('join-notifications', id)
    },
    listens: ['new-notification'],
  }),
  /** Token, one typed event per notification, list fetched on load. */
  seed004: opener({ auth: ({ auth }) => auth, listens: TYPED_EVENTS, fetch: fetchOwn }),
} satisfies Record<string, OpenTab>

export type SeedName = keyof typeof SEEDS
/** Caught up by pushes of what is pending, once per user; the others fetch their list. */
export const CAUGHT_UP_BY_PUSH: readonly SeedName[] = ['seed001', 'seed003']
