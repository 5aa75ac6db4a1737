import { type BelfryClient, createClient, type TokenReason, type WireFrame } from '@belfry/client'
import type { Item } from '@belfry/protocol'
import { logOut, type Session, wordsOf } from './api.ts'
import { Store } from './store.ts'
import { tabMemory } from './tab-memory.ts'

export interface PersonState {
  session: Session | undefined
  client: BelfryClient | undefined
  isSigningIn: boolean
  /** Why the last sign-in failed, or the session ended. */
  problem: string | undefined
  /** Switched off by hand. */
  isOff: boolean
  /** How many items the last return brought; undefined once it is old news. */
  caughtUp: number | undefined
}

export interface PersonEvents {
  onItem(person: Person, item: Item): void
  onFrame(person: Person, frame: WireFrame): void
  onCaughtUp(person: Person, count: number): void
}

export interface PersonOptions {
  name: string
  /** A fresh session in place of one that is refused or ends; nothing when only the person can give it. */
  renew(session: Session, reason: TokenReason): Promise<Session | undefined>
  events: PersonEvents
}

const NOBODY: PersonState = {
  session: undefined,
  client: undefined,
  isSigningIn: false,
  problem: undefined,
  isOff: false,
  caughtUp: undefined,
}

/** Long enough to read; the rows stay. */
const NEWS_MS = 8_000

/** Someone who uses this page: a session that survives a refresh of the tab, and a client while it lasts. */
export class Person {
  readonly name: string
  readonly label: string
  readonly store = new Store<PersonState>(NOBODY)
  readonly #options: PersonOptions
  /** What was on the list when the line was switched off. */
  #before: ReadonlySet<string> | undefined
  #newsTimer: ReturnType<typeof setTimeout> | undefined

  constructor(options: PersonOptions) {
    this.#options = options
    this.name = options.name
    this.label = options.name.charAt(0).toUpperCase() + options.name.slice(1)
    const remembered = tabMemory.read(`session:${this.name}`, isSession)
    if (remembered) this.#begin(remembered)
  }

  async signIn(open: () => Promise<Session>): Promise<void> {
    const { session, isSigningIn } = this.store.getSnapshot()
    if (session || isSigningIn) return
    this.store.update({ isSigningIn: true, problem: undefined })
    try {
      this.#begin(await open())
    } catch (error) {
      this.store.update({ isSigningIn: false, problem: wordsOf(error) })
    }
  }

  signOut(): void {
    const { session } = this.store.getSnapshot()
    // A session that the server does not end now ends by its age.
    if (session) logOut(session.token).catch(() => undefined)
    this.#end(undefined)
  }

  setOff(isOff: boolean): void {
    const { client } = this.store.getSnapshot()
    if (!client) return
    this.store.update({ isOff, caughtUp: undefined })
    if (isOff) {
      this.#before = new Set(client.getSnapshot().items.map(({ id }) => id))
      client.disconnect()
    } else client.connect()
  }

  #begin(session: Session): void {
    const { events } = this.#options
    const client = createClient({ url: location.origin, getToken: (reason) => this.#token(reason) })
    client.onItem((item) => events.onItem(this, item))
    client.onFrame((frame) => events.onFrame(this, frame))
    client.subscribe(() => this.#look(client))
    this.#keep(session)
    this.store.set({ ...NOBODY, session, client })
    client.connect()
  }

  async #token(reason: TokenReason): Promise<string | undefined> {
    const { session } = this.store.getSnapshot()
    if (!session || reason === 'connect') return session?.token
    const fresh = await this.#options.renew(session, reason)
    if (!fresh) return undefined
    this.#keep(fresh)
    this.store.update({ session: fresh })
    return fresh.token
  }

  #look(client: BelfryClient): void {
    const { status, items } = client.getSnapshot()
    if (status === 'unauthorized') this.#end('Your session has ended. Sign in again.')
    if (status !== 'online' || !this.#before) return
    const before = this.#before
    this.#before = undefined
    const count = items.filter(({ id }) => !before.has(id)).length
    this.store.update({ caughtUp: count })
    clearTimeout(this.#newsTimer)
    this.#newsTimer = setTimeout(() => this.store.update({ caughtUp: undefined }), NEWS_MS)
    this.#options.events.onCaughtUp(this, count)
  }

  #end(problem: string | undefined): void {
    const { client } = this.store.getSnapshot()
    this.#before = undefined
    tabMemory.write(`session:${this.name}`, undefined)
    this.store.set({ ...NOBODY, problem })
    client?.close()
  }

  #keep(session: Session): void {
    tabMemory.write(`session:${this.name}`, { token: session.token, user: session.user })
  }
}

function isSession(value: unknown): value is Session {
  if (typeof value !== 'object' || value === null || !('token' in value && 'user' in value)) return false
  const { token, user } = value
  return typeof token === 'string' && typeof user === 'object' && user !== null && 'id' in user
}
