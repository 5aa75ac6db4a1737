import type { ParsedInput } from '@belfry/protocol'
import type { Actor } from '../core/actor.ts'
import type { Context, Origin, Procedures } from '../core/context.ts'
import type { OpenChats } from '../core/open-chats.ts'
import { userOf } from './place.ts'

export interface ChatProcedureOptions {
  openChats: OpenChats
  /** Called before a chat is read, so that what is only in memory becomes part of it. */
  beforeRead(user: string, chatId: string): Promise<void>
}

/** Opening a chat reads it, and on a socket also starts what is told only where it is open. */
export function chatProcedures({ openChats, beforeRead }: ChatProcedureOptions): Procedures {
  async function openChat(
    { store }: Context,
    actor: Actor,
    input: ParsedInput<'openChat'>,
    { connection }: Origin,
  ): Promise<unknown> {
    const user = userOf(actor)
    const { chatId } = input
    await beforeRead(user, chatId)
    // Opened first, so that nothing falls between the reading and what is live, or a removal in between.
    if (connection) openChats.open(chatId, { user, connection })
    try {
      return await store.read('openChat', { ...input, user })
    } catch (error) {
      if (connection) openChats.close(chatId, connection.id)
      throw error
    }
  }
  return { openChat }
}
