import type { Message } from '@belfry/protocol'
import { handled } from '../changes.ts'

/** An own change of a message that the server has not answered yet. */
interface OwnChange {
  readonly messageId: string
  apply(message: Message): Message
}

/** Shows own changes at once, and takes back what the server refuses. */
export class OwnChanges {
  readonly #onChange: () => void
  #changes: readonly OwnChange[] = []

  constructor(onChange: () => void) {
    this.#onChange = onChange
  }

  show(message: Message): Message {
    return this.#changes.reduce(
      (shown, { messageId, apply }) => (messageId === shown.id ? apply(shown) : shown),
      message,
    )
  }

  /** @param answered Called with the answer, before the own change goes from view */
  make<T>(change: OwnChange, answer: Promise<T>, answered: (answer: T) => void): Promise<void> {
    this.#set([...this.#changes, change])
    const gone = () => this.#set(this.#changes.filter((one) => one !== change))
    return handled(answer.then(answered).finally(gone))
  }

  #set(changes: readonly OwnChange[]): void {
    this.#changes = changes
    this.#onChange()
  }
}

export function reacted(message: Message, change: { emoji: string; isOn: boolean; userId: string }): Message {
  const { emoji, isOn, userId } = change
  const known = message.reactions.find((one) => one.emoji === emoji)
  const others = known?.userIds.filter((id) => id !== userId) ?? []
  const userIds = isOn ? [...others, userId] : others
  const after = { emoji, userIds, count: userIds.length }
  if (userIds.length === 0) {
    return { ...message, reactions: message.reactions.filter((one) => one !== known) }
  }
  if (!known) return { ...message, reactions: [...message.reactions, after] }
  return { ...message, reactions: message.reactions.map((one) => (one === known ? after : one)) }
}

/** What stays of a deleted message. */
export function deleted(message: Message, at: string): Message {
  const { replyTo: _, metadata: _m, editedAt: _e, ...rest } = message
  return { ...rest, content: '', media: [], mentions: [], reactions: [], deletedAt: at }
}
