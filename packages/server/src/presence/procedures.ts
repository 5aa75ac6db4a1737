import { Failure, type ParsedInput, type Presence } from '@belfry/protocol'
import type { Actor } from '../core/actor.ts'
import type { Context, LiveConnection, Origin, Procedures } from '../core/context.ts'
import type { OpenChats } from '../core/open-chats.ts'
import type { SightAsked } from './queries.ts'
import type { Sightings } from './sightings.ts'
import type { Typing } from './typing.ts'
import { isStaff, type Watchers } from './watchers.ts'

export interface ProcedureOptions {
  openChats: OpenChats
  sightings: Sightings
  watchers: Watchers
  typing: Typing
  mayBeSeen(asked: SightAsked[]): Promise<string[][]>
  setIdle(connectionId: string, isIdle: boolean): void
  setFocus(connectionId: string, chatId: string | null): void
}

type Person = Extract<Actor, { kind: 'user' }>

function personOf(actor: Actor): Person {
  if (actor.kind !== 'user') throw new Failure('unauthorized')
  return actor
}

function socketOf({ connection }: Origin): LiveConnection {
  if (!connection) throw new Failure('forbidden', { message: 'Only an open socket can ask for this.' })
  return connection
}

/** Commands about what is going on now. */
export function presenceProcedures(options: ProcedureOptions): Procedures {
  const { sightings } = options
  return {
    async getPresence(_: Context, actor: Actor, { userIds }: ParsedInput<'getPresence'>) {
      const { id: viewer, roles } = personOf(actor)
      const [visible] = await options.mayBeSeen([{ viewer, isStaff: isStaff(roles), users: userIds }])
      return { presence: await sightings.of(userIds, (user) => visible?.includes(user) ?? false) }
    },
    async setPresence({ store }: Context, actor: Actor, input: ParsedInput<'setPresence'>) {
      const { id } = personOf(actor)
      await store.transact('setPresence', actor, input)
      const [presence] = await sightings.of([id], () => true)
      return { presence }
    },
    ...watching(options),
    ...devices(options),
    ...typing(options),
  }
}

function watching({ watchers }: ProcedureOptions): Procedures {
  return {
    async watchPresence(
      _: Context,
      actor: Actor,
      { userIds }: ParsedInput<'watchPresence'>,
      origin: Origin,
    ): Promise<{ presence: Presence[] }> {
      const { id: viewer, roles } = personOf(actor)
      const place = { viewer, isStaff: isStaff(roles), connection: socketOf(origin) }
      return { presence: await watchers.watch(place, userIds) }
    },
    async unwatchPresence(_: Context, __: Actor, input: ParsedInput<'unwatchPresence'>, origin: Origin) {
      watchers.unwatch(socketOf(origin).id, input.userIds)
      return {}
    },
  }
}

function devices({ setIdle, setFocus, openChats }: ProcedureOptions): Procedures {
  return {
    async setIdle(_: Context, __: Actor, { idle }: ParsedInput<'setIdle'>, origin: Origin) {
      setIdle(socketOf(origin).id, idle)
      return {}
    },
    async focusChat(_: Context, __: Actor, input: ParsedInput<'focusChat'>, origin: Origin) {
      setFocus(socketOf(origin).id, input.focused ? input.chatId : null)
      return {}
    },
    async closeChat(_: Context, __: Actor, { chatId }: ParsedInput<'closeChat'>, origin: Origin) {
      openChats.close(chatId, socketOf(origin).id)
      return {}
    },
  }
}

function typing(options: ProcedureOptions): Procedures {
  return {
    async startTyping(_: Context, actor: Actor, { chatId }: ParsedInput<'startTyping'>, origin: Origin) {
      await options.typing.start({ chatId, user: personOf(actor).id, connectionId: socketOf(origin).id })
      return {}
    },
    async stopTyping(_: Context, actor: Actor, { chatId }: ParsedInput<'stopTyping'>, origin: Origin) {
      await options.typing.stop({ chatId, user: personOf(actor).id, connectionId: socketOf(origin).id })
      return {}
    },
  }
}
