import type { MessageStatus } from '@belfry/client/chat'

export type PresenceStatus = 'online' | 'away' | 'dnd' | 'offline'
export type OwnStatus = 'online' | 'away' | 'dnd' | 'invisible'

/** Every word that the chat components show or speak. Texts with a number or a name are functions, so that each language can do it its way. */
export interface ChatStrings {
  chats: string
  newChat: string
  back: string
  /** Name of a chat's button in the list. */
  chatRow(title: string, unread: number): string
  moreChats: string
  noChatsTitle: string
  noChatsText: string
  noChatOpen: string
  messagesIn(title: string): string
  noMessages: string
  loading: string
  loadOlder: string
  errorTitle: string
  retry: string
  discard: string
  stale: string
  unreadDivider: string
  jumpToLatest(count: number): string
  you: string
  write: string
  writeTo(title: string): string
  send: string
  attach: string
  removeAttachment(name: string): string
  uploading(percent: number): string
  uploadFailed(name: string): string
  status: Record<MessageStatus, string>
  unconfirmed: string
  waitedLong: string
  deliveredToAll: string
  seenBy(count: number): string
  seenByTitle: string
  deliveredTo: string
  notYet: string
  edited: string
  deleted: string
  blockedSender: string
  showMessage: string
  reply: string
  replyingTo(name: string): string
  goneReply: string
  cancel: string
  edit: string
  editing: string
  save: string
  remove: string
  react: string
  reactWith(emoji: string): string
  reaction(emoji: string, count: number): string
  pin: string
  unpin: string
  pinned: string
  messageActions: string
  copyText: string
  report: string
  reported: string
  typing(names: readonly string[]): string
  presence: Record<PresenceStatus, string>
  lastActive(when: string): string
  members(count: number): string
  details: string
  mute: string
  unmute: string
  hide: string
  leave: string
  block: string
  unblock: string
  markUnread: string
  muted: string
  myStatus: string
  setStatus: Record<OwnStatus, string>
  people: string
  peopleHint: string
  groupTitle: string
  create: string
  mentionList: string
  file: string
  image: string
  openFile(name: string): string
  close: string
  openChat: string
  newMessageFrom(name: string): string
  sentFile(name: string): string
}

const many = (count: number, one: string, others: string) => `${count} ${count === 1 ? one : others}`

export const enChat: ChatStrings = {
  chats: 'Chats',
  newChat: 'New chat',
  back: 'Back to chats',
  chatRow: (title, unread) => (unread === 0 ? title : `${title}, ${unread} unread`),
  moreChats: 'Show more chats',
  noChatsTitle: 'No chats yet',
  noChatsText: 'Start one, and it will be here.',
  noChatOpen: 'Choose a chat to read it here.',
  messagesIn: (title) => `Messages with ${title}`,
  noMessages: 'No messages yet. Say hello.',
  loading: 'Loading…',
  loadOlder: 'Load older messages',
  errorTitle: 'This chat could not be loaded.',
  retry: 'Try again',
  discard: 'Discard',
  stale: 'Saved messages. Checking for newer ones…',
  unreadDivider: 'New messages',
  jumpToLatest: (count) => (count === 0 ? 'Jump to latest' : many(count, 'new message', 'new messages')),
  you: 'You',
  write: 'Write a message',
  writeTo: (title) => `Write to ${title}`,
  send: 'Send',
  attach: 'Attach a file',
  removeAttachment: (name) => `Remove ${name}`,
  uploading: (percent) => `Uploading, ${percent} %`,
  uploadFailed: (name) => `${name} could not be uploaded.`,
  status: {
    queued: 'Waiting for the connection',
    sending: 'Sending',
    sent: 'Sent',
    delivered: 'Delivered',
    read: 'Read',
    failed: 'Not sent',
  },
  unconfirmed: 'Delivery not confirmed',
  waitedLong: 'This waited for over a day. Send it?',
  deliveredToAll: 'Delivered to all',
  seenBy: (count) => `Seen by ${count}`,
  seenByTitle: 'Seen by',
  deliveredTo: 'Delivered to',
  notYet: 'Not yet',
  edited: 'edited',
  deleted: 'This message was deleted.',
  blockedSender: 'A message from somebody you have blocked.',
  showMessage: 'Show',
  reply: 'Reply',
  replyingTo: (name) => `Replying to ${name}`,
  goneReply: 'A message that is not here any more',
  cancel: 'Cancel',
  edit: 'Edit',
  editing: 'Editing a message',
  save: 'Save',
  remove: 'Delete',
  react: 'React',
  reactWith: (emoji) => `React with ${emoji}`,
  reaction: (emoji, count) => `${emoji}, ${count}`,
  pin: 'Pin',
  unpin: 'Unpin',
  pinned: 'Pinned',
  messageActions: 'Actions for this message',
  copyText: 'Copy text',
  report: 'Report',
  reported: 'Thank you. Somebody will look at it.',
  typing(names) {
    const [first = '', second = '', third = ''] = names
    if (names.length === 1) return `${first} is typing…`
    if (names.length === 2) return `${first} and ${second} are typing…`
    if (names.length === 3) return `${first}, ${second} and ${third} are typing…`
    return `${names.length} people are typing…`
  },
  presence: { online: 'Online', away: 'Away', dnd: 'Do not disturb', offline: 'Offline' },
  lastActive: (when) => `Last active ${when}`,
  members: (count) => many(count, 'member', 'members'),
  details: 'Chat settings',
  mute: 'Mute',
  unmute: 'Unmute',
  hide: 'Hide',
  leave: 'Leave',
  block: 'Block',
  unblock: 'Unblock',
  markUnread: 'Mark as unread',
  muted: 'Muted',
  myStatus: 'Your status',
  setStatus: { online: 'Online', away: 'Away', dnd: 'Do not disturb', invisible: 'Invisible' },
  people: 'People',
  peopleHint: 'User ids, separated by commas',
  groupTitle: 'Title (for groups)',
  create: 'Start chat',
  mentionList: 'Mention somebody',
  file: 'File',
  image: 'Image',
  openFile: (name) => `Open ${name}`,
  close: 'Close',
  openChat: 'Open',
  newMessageFrom: (name) => `New message from ${name}`,
  sentFile: (name) => `${name} sent a file`,
}
