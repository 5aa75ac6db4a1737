import type { CommandName } from '@belfry/protocol'
import type { z } from 'zod'

/** What a seed's event may do with its socket. The door gives it; nothing here knows Socket.IO. */
export interface DialectSocket {
  /** The user this socket speaks for, if it is known yet. */
  readonly user: string | undefined
  /** Binds the socket to a user for good; only open mode lets a client name one. */
  bind(user: string): Promise<void>
  /**
   * From now on it is told who comes and goes in the user's chats, and of messages there, whether or not it has joined
   * them.
   */
  hearPeople(): void
  /** The messages of a chat's topic up to this offset have been had. */
  handedMessages(topic: string, upTo: number): void
  catchUp(event: 'send_notification' | 'new-notification'): Promise<void>
  execute(name: CommandName, input: unknown): Promise<unknown>
  emit(event: string, payload: unknown): void
}

export interface DialectEvent {
  input: z.ZodType
  run(socket: DialectSocket, input: never): Promise<unknown>
}

export function event<I extends z.ZodType>(
  input: I,
  run: (socket: DialectSocket, input: z.output<I>) => Promise<unknown>,
): DialectEvent {
  return { input, run }
}
