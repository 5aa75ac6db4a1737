import { connect, type NatsConnection, type Subscription } from '@nats-io/transport-node'
import type { Dial, Line, LineEvents, Parcel } from './line.ts'

const CONNECT_WITHIN_MS = 5000

/** NATS core, one subject per bucket. `nats://` and `tls://`, with `user:password@` or `token@` before the host. */
export const dialNats =
  (url: string): Dial =>
  async (events) => {
    const connection = await connect({
      ...serversOf(url),
      // The line's owner decides when to dial again and what to subscribe to then.
      reconnect: false,
      timeout: CONNECT_WITHIN_MS,
    })
    return new NatsLine(connection, events)
  }

class NatsLine implements Line {
  readonly #connection: NatsConnection
  readonly #events: LineEvents
  readonly #subscriptions = new Map<string, Subscription>()
  #isClosed = false

  constructor(connection: NatsConnection, events: LineEvents) {
    this.#connection = connection
    this.#events = events
    void connection.closed().then((error) => {
      if (!this.#isClosed) events.onLost(error instanceof Error ? error.message : 'the connection has ended')
    })
  }

  async send(parcels: readonly Parcel[]): Promise<void> {
    for (const { subject, text } of parcels) this.#connection.publish(subject, text)
    // The server answers this after it has taken what stands before it.
    await this.#connection.flush()
  }

  async subscribe(subjects: readonly string[]): Promise<void> {
    for (const subject of subjects) {
      if (this.#subscriptions.has(subject)) continue
      const callback = (error: Error | null, message: { string(): string }) => {
        if (!error) this.#events.onText(subject, message.string())
      }
      this.#subscriptions.set(subject, this.#connection.subscribe(subject, { callback }))
    }
    await this.#connection.flush()
  }

  async unsubscribe(subjects: readonly string[]): Promise<void> {
    for (const subject of subjects) {
      this.#subscriptions.get(subject)?.unsubscribe()
      this.#subscriptions.delete(subject)
    }
  }

  close(): void {
    this.#isClosed = true
    void this.#connection.close()
  }
}

function serversOf(text: string) {
  const { protocol, hostname, port, username, password } = new URL(text)
  const [user, pass] = [decodeURIComponent(username), decodeURIComponent(password)]
  const credentials = pass ? { user, pass } : user ? { token: user } : {}
  return {
    servers: `${hostname}:${port || 4222}`,
    ...credentials,
    ...(protocol === 'tls:' ? { tls: {} } : {}),
  }
}
