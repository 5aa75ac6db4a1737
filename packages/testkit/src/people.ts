/** People of a test: accounts with their token, or in open mode a name that the client gives itself. */
import { randomUUID } from 'node:crypto'
import type { BelfryServer } from './belfry-server.ts'
import { type Body, type HttpClient, http, type Note, type Reply } from './http.ts'
import { ADMIN } from './server-process.ts'

export interface Person {
  readonly id: string
  readonly email: string
  readonly password: string
  readonly role: string
  readonly token: string
  readonly http: HttpClient
  /** What this person's socket sends as `auth`. */
  readonly auth: Record<string, string>
}

export interface NewPerson {
  email?: string
  password?: string
  role?: string
}

export type Fields = Record<string, unknown>

export function freshName(prefix = 'u'): string {
  return `${prefix}-${randomUUID().slice(0, 13)}`
}

export function freshEmail(): string {
  return `${freshName('p')}@example.test`
}

function must<T>(value: T | undefined | null, what: string, reply: Reply<unknown>): T {
  if (value === undefined || value === null)
    throw new Error(`${what}: ${reply.status} ${reply.text.slice(0, 300)}`)
  return value
}

/** Logs in and gives the person; throws when the login is refused. */
export async function login(server: BelfryServer, email: string, password: string): Promise<Person> {
  const reply = await http(server).post('/api/auth/login', { email, password })
  const token = must(reply.body?.token, 'no token', reply)
  const user = must(reply.body?.user, 'no user', reply)
  return { ...user, password, token, http: http(server, token), auth: { token } }
}

/** Makes an account and logs in. */
export async function register(server: BelfryServer, wanted: NewPerson = {}): Promise<Person> {
  const { email = freshEmail(), password = 'a-good-password', role } = wanted
  const reply = await http(server).post('/api/auth/register', { email, password, ...(role ? { role } : {}) })
  must(reply.body?.user?.id, 'not registered', reply)
  return login(server, email, password)
}

/** The account of `ADMIN_EMAIL`. */
export function admin(server: BelfryServer): Promise<Person> {
  return login(server, ADMIN.email, ADMIN.password)
}

/** In open mode a person is whoever the client says. */
export function openPerson(server: BelfryServer, id: string = freshName()): Person {
  return {
    id,
    email: '',
    password: '',
    role: '',
    token: '',
    http: http(server, { userId: id }),
    auth: { userId: id },
  }
}

/** Sends and gives the notification of the reply; throws when it is refused. */
export async function send(sender: Person, body: Fields): Promise<Note> {
  const reply = await sender.http.post('/api/notifications/send', body)
  return must(reply.body?.notification, 'not sent', reply)
}

export function sendTo(
  sender: Person,
  recipient: Pick<Person, 'id'>,
  message: string,
  more: Fields = {},
): Promise<Note> {
  return send(sender, { audience: { user: recipient.id }, message, ...more })
}

/** All pages of a person's list, newest first. */
export async function listAll(person: Person, query = ''): Promise<Note[]> {
  const notes: Note[] = []
  let cursor: string | null = null
  do {
    const page: Reply<Body> = await person.http.get(
      `/api/notifications?limit=100${query}${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
    )
    notes.push(...must(page.body?.notifications, 'no list', page))
    cursor = page.body.nextCursor ?? null
  } while (cursor !== null)
  return notes
}

/** The first page with the defaults: the latest 50. */
export async function list(person: Person, query = ''): Promise<Note[]> {
  const reply = await person.http.get(`/api/notifications${query}`)
  return must(reply.body?.notifications, 'no list', reply)
}

export async function unread(person: Person): Promise<number> {
  const reply = await person.http.get('/api/notifications/count')
  return must(reply.body?.unread, 'no count', reply)
}

export const messagesOf = (notes: readonly Pick<Note, 'message'>[]): string[] =>
  notes.map((note) => note.message)
