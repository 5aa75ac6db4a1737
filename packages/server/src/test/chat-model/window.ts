import { deepStrictEqual } from 'node:assert/strict'
import type { Chat, ChatFacts, Entry, Member, Message } from '@belfry/protocol'
import { previewOf } from '../../core/preview.ts'

export interface Opened {
  chat: Chat
  members: Member[]
  messages: Message[]
  offset: number
}

export interface Page {
  messages: Message[]
  hasOlder: boolean
  hasNewer: boolean
}

/** A stretch of a chat on a device, kept up to date by entries. */
export class Window {
  /** Of the chat's topic: what is not newer is in here already. */
  readonly offset: number
  readonly members: Map<string, Member>
  facts: ChatFacts
  messages: Message[]
  hasOlder: boolean
  hasNewer = false

  constructor({ chat, members, messages, offset }: Opened, hasOlder: boolean) {
    this.offset = offset
    this.members = new Map(members.map((one) => [one.userId, one]))
    this.facts = chat
    this.messages = messages
    this.hasOlder = hasOlder
  }

  prepend({ messages, hasOlder }: Page): void {
    this.messages = [...messages, ...this.messages]
    this.hasOlder = hasOlder
  }

  append({ messages, hasNewer }: Page): void {
    this.messages = [...this.messages, ...messages]
    this.hasNewer = hasNewer
  }

  jump({ messages, hasOlder, hasNewer }: Page): void {
    Object.assign(this, { messages, hasOlder, hasNewer })
  }

  apply(entry: Entry): void {
    switch (entry.kind) {
      case 'message.posted':
        return this.#add(entry.data)
      case 'message.edited':
      case 'message.deleted':
      case 'message.reacted':
        return this.#change(entry.data)
      case 'member.joined':
      case 'member.updated':
        for (const member of entry.data.members) this.members.set(member.userId, member)
        return
      case 'member.left':
        for (const user of entry.data.userIds) this.members.delete(user)
        return
      case 'receipts.moved':
        for (const { userId, lastReadSeq, lastDeliveredSeq } of entry.data.members) {
          const member = this.members.get(userId)
          if (member) this.members.set(userId, { ...member, lastReadSeq, lastDeliveredSeq })
        }
        return
      case 'room.updated':
        this.facts = entry.data.chat
    }
  }

  #add(message: Message): void {
    const { seq, createdAt } = message
    // Told to everyone, also to who could not read all before: numbers may be left out, never repeated.
    deepStrictEqual(seq, this.facts.lastSeq + 1, 'numbers of messages have no holes')
    this.facts = { ...this.facts, lastSeq: seq, updatedAt: createdAt }
    if (!this.hasNewer) this.messages.push(message)
  }

  /** Also where it is quoted. */
  #change(message: Message): void {
    const { id, deletedAt, content } = message
    this.messages = this.messages.map((one) => {
      if (one.id === id) return message
      if (one.replyTo?.id !== id || one.replyTo.seq === 0) return one
      return { ...one, replyTo: { ...one.replyTo, preview: deletedAt ? '' : previewOf(content) } }
    })
  }

  /** In the order of a list. */
  get sortedMembers(): Member[] {
    return [...this.members.values()].sort((a, b) =>
      a.joinedAt === b.joinedAt ? (a.userId < b.userId ? -1 : 1) : a.joinedAt < b.joinedAt ? -1 : 1,
    )
  }

  /** What a viewer is shown: an answered message that was not told to everyone is found here, when it is here. */
  shownTo(viewer: string): Message[] {
    return this.messages.map((message) => ({
      ...message,
      reactions: message.reactions.map((one) => ({ ...one, mine: one.userIds.includes(viewer) })),
      ...(message.replyTo ? { replyTo: this.#resolved(message.replyTo) } : {}),
    }))
  }

  #resolved(reply: NonNullable<Message['replyTo']>): NonNullable<Message['replyTo']> {
    const original = reply.seq === 0 ? this.messages.find(({ id }) => id === reply.id) : undefined
    if (!original) return reply
    const { id, seq, senderId, content, deletedAt } = original
    return { id, seq, senderId, preview: deletedAt ? '' : previewOf(content) }
  }
}
