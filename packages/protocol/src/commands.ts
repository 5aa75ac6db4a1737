import type { z } from 'zod'
import { accountCommands } from './commands/accounts.ts'
import { chatCommands } from './commands/chats.ts'
import { inboxCommands } from './commands/inbox.ts'
import { mediaCommands } from './commands/media.ts'
import { messageCommands } from './commands/messages.ts'
import { moderationCommands } from './commands/moderation.ts'
import { personalDataCommands } from './commands/personal-data.ts'
import { presenceCommands } from './commands/presence.ts'
import { roomCommands } from './commands/rooms.ts'

/** The command table: REST routes, socket events, OpenAPI, the SDK's methods and the client's types follow from it. */
export const commands = {
  ...inboxCommands,
  ...accountCommands,
  ...personalDataCommands,
  ...roomCommands,
  ...chatCommands,
  ...messageCommands,
  ...moderationCommands,
  ...mediaCommands,
  ...presenceCommands,
}

export type CommandName = keyof typeof commands
/** What a caller may send. */
export type CommandInput<N extends CommandName> = z.input<(typeof commands)[N]['input']>
/** What a handler receives. */
export type ParsedInput<N extends CommandName> = z.output<(typeof commands)[N]['input']>
/** What a caller gets back. */
export type CommandReply<N extends CommandName> = z.output<(typeof commands)[N]['output']>

export const commandNames = Object.keys(commands) as CommandName[]

export function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(commands, name)
}

/** Commands that only an open socket can ask for, since they are about that socket. */
export const socketCommands = [
  'closeChat',
  'focusChat',
  'watchPresence',
  'unwatchPresence',
  'setIdle',
  'startTyping',
  'stopTyping',
] as const satisfies CommandName[]
/** Commands with a route. */
export type RestCommandName = Exclude<CommandName, (typeof socketCommands)[number]>

export function hasRoute(name: CommandName): name is RestCommandName {
  return commands[name].rest !== undefined
}
