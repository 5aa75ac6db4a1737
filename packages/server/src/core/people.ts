import type { LogEntry } from '../store/store.ts'
import type { Actor } from './actor.ts'
import type { Procedures } from './context.ts'
import type { Identity } from './identity.ts'

/** What the doors and the composition need to know of accounts, keys and sessions. */
export interface People {
  readonly procedures: Procedures
  /**
   * Who a header or handshake proves to be.
   * @throws Failure `unauthorized` (`No token`, `Invalid token`), or `unavailable` when nobody can be asked
   */
  identify(token: string | undefined): Promise<Identity>
  /** In open mode: the user that a client names, made when missing. @throws Failure `unauthorized` */
  name(user: string): Promise<Identity>
  /** The same actor with today's roles. @throws Failure `unauthorized` when session, account or key has ended */
  recheck(actor: Actor): Promise<Actor>
  /** In open mode: whoever is mentioned exists from then on. */
  ensure(users: readonly string[]): Promise<void>
  /** Follows the log: what ended or changed is known at once. */
  onEntry(entry: LogEntry): void
  /** Another node has changed something of the user: what was remembered does not count any more. */
  forget(user: string): void
  /** Called when sessions of a user end, with a test for their ids. */
  onRevoked(listener: (user: string, matches: (sessionId: string) => boolean) => void): void
  readonly mediaLinks: MediaLinks
  /** A sample person of the playground, who signs in without a password. */
  sample(person: { email: string; roles: string[] }): Promise<SamplePerson>
}

/** Links by which a browser gets a file where it can send no header. */
export interface MediaLinks {
  sign(
    user: Extract<Actor, { kind: 'user' }>,
    mediaId: string,
  ): Promise<{ link: string; expiresAtMs: number }>
  /** For whom the link was made. @throws Failure `unauthorized` when it is no link to this file, or holds no longer */
  open(link: string, mediaId: string): Promise<Actor>
}

export interface SamplePerson {
  id: string
  openSession(): Promise<{ token: string }>
}
