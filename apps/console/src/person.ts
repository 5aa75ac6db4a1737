import type { BelfryClient, TokenReason, WireFrame } from '@belfry/client'
import { browserEnvironment, createClientIn } from '@belfry/client/parts'
import type { Item } from '@belfry/protocol'
import { logOut, openSample, type Session, wordsOf } from './api.ts'
import { FaultyLine } from './faulty-line.ts'
import { Store } from './store.ts'
import { tabMemory } from './tab-memory.ts'

export interface PersonState {
  session: Session | undefined
  client: BelfryClient | undefined
  isSigningIn: boolean
  /** Why the last sign-in failed, or the session ended. */
  problem: string | undefined
  /** How many items have come while somebody looked. */
  arrivals: number
}

export interface PersonEvents {
  onItem(person: Person, item: Item): void
  onFrame(person: Person, frame: WireFrame): void
  /** Back from offline, with so many items that came meanwhile. */
  onCaughtUp(person: Person, count: number): void
  onUnread(person: Person, change: number): void
}

const NOBODY: PersonState = {
  session: undefined,
  client: undefined,
  isSigningIn: false,
  problem: undefined,
  arrivals: 0,
}

/** One of the sample people: a session that survives a refresh of the tab, and a client on a line with switches. */
export class Person {
  readonly name: string
  readonly label: string
  readonly email: string
  readonly role: string
  readonly line = new FaultyLine(browserEnvironment())
  readonly store = new Store<PersonState>(NOBODY)
  readonly #events: PersonEvents
  /** What was on the list when the line was switched off. */
  #before: ReadonlySet<string> | undefined
  #unread: number | undefined

  constructor(sample: { name: string; email: string; role: string }, events: PersonEvents) {
    this.#events = events
    this.name = sample.name
    this.label = labelOf(sample.name)
    this.email = sample.email
    this.role = sample.role
    const remembered = tabMemory.read(`session:${this.name}`, isSession)
    if (remembered) this.#begin(remembered)
    else if (!tabMemory.read(`away:${this.name}`, isTrue)) void this.signIn()
  }

  async signIn(): Promise<void> {
    const { session, isSigningIn } = this.store.getSnapshot()
    if (session || isSigningIn) return
    this.store.update({ isSigningIn: true, problem: undefined })
    try {
      this.#begin(await openSample(this.name))
    } catch (error) {
      this.store.update({ isSigningIn: false, problem: wordsOf(error) })
    }
  }

  signOut(): void {
    const { session, client } = this.store.getSnapshot()
    // A session that the server does not end now ends by its age.
    if (session) logOut(session.token).catch(() => undefined)
    void client?.signOut()
    tabMemory.write(`away:${this.name}`, true)
    this.#end(undefined)
  }

  setOff(isOff: boolean): void {
    const { client } = this.store.getSnapshot()
    if (isOff) this.#before = new Set(client?.getSnapshot().items.map(({ id }) => id))
    this.line.setOff(isOff)
  }

  #begin(session: Session): void {
    const client = createClientIn(this.line.environment, {
      url: location.origin,
      getToken: (reason) => this.#token(reason),
    })
    client.onItem((item) => {
      this.store.update({ arrivals: this.store.getSnapshot().arrivals + 1 })
      this.#events.onItem(this, item)
    })
    client.onFrame((frame) => this.#events.onFrame(this, frame))
    client.onSignedOut(() => this.#end(undefined))
    client.subscribe(() => this.#look(client))
    this.#keep(session)
    tabMemory.write(`away:${this.name}`, undefined)
    this.store.set({ ...NOBODY, session, client })
    client.connect()
  }

  async #token(reason: TokenReason): Promise<string | undefined> {
    const { session } = this.store.getSnapshot()
    if (!session || reason === 'connect') return session?.token
    const fresh = await openSample(this.name)
    this.#keep(fresh)
    this.store.update({ session: fresh })
    return fresh.token
  }

  #look(client: BelfryClient): void {
    const { status, items, counts, isReady } = client.getSnapshot()
    if (status === 'unauthorized') this.#end('The session has ended.')
    if (isReady) {
      const change = counts.unread - (this.#unread ?? counts.unread)
      this.#unread = counts.unread
      if (change !== 0) this.#events.onUnread(this, change)
    }
    if (status !== 'online' || !this.#before || this.line.store.getSnapshot().isOff) return
    const before = this.#before
    this.#before = undefined
    this.#events.onCaughtUp(this, items.filter(({ id }) => !before.has(id)).length)
  }

  #end(problem: string | undefined): void {
    const { client } = this.store.getSnapshot()
    this.#before = undefined
    this.#unread = undefined
    tabMemory.write(`session:${this.name}`, undefined)
    this.store.set({ ...NOBODY, problem })
    client?.close()
  }

  #keep(session: Session): void {
    tabMemory.write(`session:${this.name}`, { token: session.token, user: session.user })
  }
}

export const labelOf = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1)

const isTrue = (value: unknown): value is true => value === true

function isSession(value: unknown): value is Session {
  if (typeof value !== 'object' || value === null || !('token' in value && 'user' in value)) return false
  const { token, user } = value
  return typeof token === 'string' && typeof user === 'object' && user !== null && 'id' in user
}
