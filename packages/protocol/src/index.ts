export type {
  Action,
  Chat,
  ChatContext,
  ChatCounts,
  ChatFacts,
  ChatPrefs,
  Media,
  Member,
  Message,
  Presence,
  Watermarks,
} from './chat.ts'
export { actions, hasSubstance } from './chat.ts'
export type { UploadFacts } from './commands/media.ts'
export { uploadFacts } from './commands/media.ts'
export type { CommandRow, RestRoute, Rule, Scope } from './commands/row.ts'
export { scopes } from './commands/row.ts'
export type { CommandInput, CommandName, CommandReply, ParsedInput, RestCommandName } from './commands.ts'
export { commandNames, commands, hasRoute, isCommandName, socketCommands } from './commands.ts'
export { moveCounts } from './counts.ts'
export type { Cursor, Entry, EntryData, EntryKind } from './entries.ts'
export { entryKinds } from './entries.ts'
export type { ErrorCode, FailureDetails, FailureShape } from './errors.ts'
export { errors, Failure } from './errors.ts'
export { categoryOf, eventTypes, typedEventOf } from './event-types.ts'
export type {
  Ack,
  EntriesFrame,
  NoticeFrame,
  ServerFrames,
  SyncFrame,
  SyncPage,
  SyncSnapshot,
  TypingFrame,
} from './frames.ts'
export { cursor, handshake } from './frames.ts'
export { isSafeLink } from './links.ts'
export type { Audience, Counts, Item, ItemBody } from './notification.ts'
export { id, isShallow, roleName, typeName } from './text.ts'
export { PROTOCOL_VERSION } from './version.ts'
