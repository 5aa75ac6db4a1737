import { type BelfryClient, ClientFailure, type ClientState } from '@belfry/client'
import { type CommandName, type Item, typedEventOf } from '@belfry/protocol'

/** Written as a method, because only methods may ask for a narrower payload than `unknown`. */
export type SocketListener = { listen(payload: unknown): void }['listen']

export type SocketAck = { listen(answer: unknown): void }['listen']

export interface EmitOptions {
  /** Of one try, in milliseconds. */
  timeoutMs?: number
  /** How many more tries are waited for. */
  retries?: number
}

export const isConnected = (state: ClientState | undefined): boolean =>
  state?.status === 'online' || state?.status === 'degraded'

type Change = (now: ClientState, before: ClientState) => { payload: unknown } | undefined

/** What Socket.IO tells of a connection. */
const changes: Record<string, Change> = {
  connect: (now, before) => (isConnected(now) && !isConnected(before) ? { payload: undefined } : undefined),
  disconnect: (now, before) =>
    isConnected(before) && !isConnected(now) ? { payload: 'transport close' } : undefined,
  connect_error: (now, before) => {
    const isRefused = now.status === 'unauthorized' && before.status !== 'unauthorized'
    const isFailed = now.failures > before.failures && !isConnected(before)
    return isRefused || isFailed
      ? { payload: new Error(isRefused ? 'Auth failed' : 'websocket error') }
      : undefined
  },
}

/** Seeds' events with another meaning here: who we are the token says, and the inbox is always joined. Source: ui.md §6. */
const seedEvents: Record<string, (client: BelfryClient, payload: unknown) => Promise<unknown>> = {
  register_user: async () => undefined,
  'user-join': async () => undefined,
  'join-notifications': async () => undefined,
  'mark-notification-read': (client, payload) =>
    client.markRead((payload as { notificationId: string }).notificationId),
  'mark-all-notifications-read': (client) => client.markAllRead(),
}

function send(client: BelfryClient, event: string, payload: unknown): Promise<unknown> {
  const seed = Object.hasOwn(seedEvents, event) ? seedEvents[event] : undefined
  // A name or an input that the table does not have is for the server to refuse.
  return seed ? seed(client, payload) : client.command(event as CommandName, (payload ?? {}) as never)
}

/**
 * The server's answer to a command. The client repeats it with the same key meanwhile.
 * @throws ClientFailure the refusal, or `not_confirmed` when no answer came in the time of all tries
 */
export async function emitWithAck(
  client: BelfryClient,
  event: string,
  payload: unknown,
  { timeoutMs, retries = 0 }: EmitOptions,
): Promise<unknown> {
  const answer = send(client, event, payload)
  if (timeoutMs === undefined) return answer
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ClientFailure('not_confirmed')), timeoutMs * (1 + retries))
  })
  return Promise.race([answer, late]).finally(() => clearTimeout(timer))
}

const namesOf = ({ type }: Item): string[] => ['notification', type, typedEventOf(type)]

/** A client in the manner of a Socket.IO socket, for front ends that were written for one. */
export class SocketFacade {
  readonly #client: BelfryClient
  readonly #bound = new Map<string, Map<SocketListener, () => void>>()

  constructor(client: BelfryClient) {
    this.#client = client
  }

  get connected(): boolean {
    return isConnected(this.#client.getSnapshot())
  }

  /**
   * `notification` and an item's type bring the item, once; `connect`, `disconnect` and `connect_error` tell of the
   * connection; any other name brings the frames that are called so.
   */
  readonly on = (event: string, listener: SocketListener): this => {
    const bound = this.#bound.get(event) ?? new Map<SocketListener, () => void>()
    this.#bound.set(event, bound)
    if (!bound.has(listener)) bound.set(listener, this.#bind(event, listener))
    return this
  }

  /** Without a listener, all that were bound to the event through this very object. */
  readonly off = (event: string, listener?: SocketListener): this => {
    const bound = this.#bound.get(event)
    for (const one of listener ? [listener] : [...(bound?.keys() ?? [])]) {
      bound?.get(one)?.()
      bound?.delete(one)
    }
    return this
  }

  readonly emit = (event: string, payload?: unknown, ack?: SocketAck): this => {
    send(this.#client, event, payload).then(
      (data) => ack?.({ ok: true, data }),
      ({ code, message }: ClientFailure) => {
        if (ack) ack({ ok: false, error: { code, message } })
        else console.warn(`Belfry: “${event}” was refused: ${message}`)
      },
    )
    return this
  }

  #bind(event: string, listener: SocketListener): () => void {
    const client = this.#client
    const change = Object.hasOwn(changes, event) ? changes[event] : undefined
    if (change) {
      let before = client.getSnapshot()
      return client.subscribe(() => {
        const told = change(client.getSnapshot(), before)
        before = client.getSnapshot()
        if (told) listener(told.payload)
      })
    }
    const offItem = client.onItem((item) => {
      if (namesOf(item).includes(event)) listener(item)
    })
    const offFrame = client.onFrame((frame) => {
      if (frame.direction === 'in' && frame.event === event) listener(frame.payload)
    })
    return () => {
      offItem()
      offFrame()
    }
  }
}
