import type { LocalMessage } from '@belfry/client/chat'
import { useState } from 'react'
import { useDateLabel } from '../dates/useDateLabel.ts'
import { Avatar } from './Avatar.tsx'
import { useChatStrings } from './ChatProvider.tsx'
import { MessageActions } from './MessageActions.tsx'
import { MessageMedia } from './MessageMedia.tsx'
import { MessageStatus } from './MessageStatus.tsx'
import type { ChatStrings } from './strings.ts'
import { useTime } from './useTime.ts'

export interface MessageProps {
  message: LocalMessage
  isFirst?: boolean
  isLast?: boolean
  /** Whether more than two are in the chat: then names stand above what they say. */
  isGroup?: boolean
  isPinned?: boolean
  /** From somebody whom the reader has blocked. */
  isBlocked?: boolean
  actions?: MessageHandlers
  strings?: Partial<ChatStrings> | undefined
}

/** What can be done with a message; what is missing is not offered. */
export interface MessageHandlers {
  onReply?(message: LocalMessage): void
  onEdit?(message: LocalMessage): void
  onRemove?(message: LocalMessage): void
  /** Whether others' messages may be removed, too. */
  mayRemoveAll?: boolean
  onReact?(message: LocalMessage, emoji: string, isOn: boolean): void
  onPin?(message: LocalMessage, isOn: boolean): void
  onReport?(message: LocalMessage): void
  onRetry?(message: LocalMessage): void
  onDiscard?(message: LocalMessage): void
  /** To the message that is answered. */
  onJump?(seq: number): void
}

/** One message as a bubble; texts are text, whatever they hold. */
export function Message(props: MessageProps) {
  const { message, isFirst = true, isLast = true, isGroup = false, isBlocked = false, actions = {} } = props
  const strings = useChatStrings(props.strings)
  const [isShown, setShown] = useState(false)
  const isOther = !message.isOwn
  if (message.messageType === 'system') return <SystemMessage message={message} />
  const isHidden = isBlocked && !isShown
  return (
    <article
      data-belfry-message={message.id ?? message.clientId}
      data-seq={message.seq}
      // So that a tap shows what can be done with it.
      tabIndex={-1}
      data-own={message.isOwn || undefined}
      data-first={isFirst || undefined}
      data-last={isLast || undefined}
      data-failed={message.status === 'failed' || undefined}
      data-pinned={props.isPinned || undefined}
    >
      {isOther && isGroup && <span data-part="avatar">{isLast && <Avatar name={message.senderName} />}</span>}
      <div data-part="column">
        {isFirst && (
          <p data-part="sender" data-belfry-hidden={isOther && isGroup ? undefined : ''} dir="auto">
            {message.isOwn ? strings.you : message.senderName}
          </p>
        )}
        <div data-part="line">
          <div data-part="bubble">
            {isHidden ? (
              <p data-part="blocked">
                {strings.blockedSender}{' '}
                <button type="button" onClick={() => setShown(true)}>
                  {strings.showMessage}
                </button>
              </p>
            ) : (
              <Body {...props} strings={strings} actions={actions} />
            )}
            <Foot {...props} strings={strings} />
          </div>
          {message.id !== undefined && message.deletedAt === undefined && !isHidden && (
            <MessageActions
              message={message}
              isPinned={props.isPinned ?? false}
              handlers={actions}
              strings={props.strings}
            />
          )}
        </div>
        {!isHidden && <Reactions message={message} onReact={actions.onReact} strings={strings} />}
        <Trouble message={message} actions={actions} strings={strings} />
      </div>
    </article>
  )
}

function SystemMessage({ message }: { message: LocalMessage }) {
  return (
    <p data-belfry-system="" data-seq={message.seq} dir="auto">
      {message.content}
    </p>
  )
}

interface PartProps extends Omit<MessageProps, 'strings' | 'actions'> {
  strings: ChatStrings
  actions: MessageHandlers
}

function Body({ message, strings, actions }: PartProps) {
  const { replyTo, content, media, deletedAt } = message
  if (deletedAt !== undefined) return <p data-part="deleted">{strings.deleted}</p>
  return (
    <>
      {replyTo && (
        <button
          type="button"
          data-part="quote"
          disabled={replyTo.seq === 0}
          onClick={() => actions.onJump?.(replyTo.seq)}
          dir="auto"
        >
          {replyTo.preview || strings.goneReply}
        </button>
      )}
      {media.map((one) => (
        <MessageMedia key={one.id} media={one} strings={strings} />
      ))}
      {content !== '' && (
        <p data-part="text" dir="auto">
          {content}
        </p>
      )}
    </>
  )
}

function Foot({ message, isGroup = false, isPinned = false, strings }: Omit<PartProps, 'actions'>) {
  const time = useTime(message.createdAt)
  const full = useDateLabel(message.createdAt, { style: 'full' })
  return (
    <span data-part="foot">
      {isPinned && <span>{strings.pinned}</span>}
      {message.editedAt !== undefined && message.deletedAt === undefined && <span>{strings.edited}</span>}
      <time dateTime={message.createdAt} title={full}>
        {time}
      </time>
      {message.deletedAt === undefined && (
        <MessageStatus message={message} isGroup={isGroup} strings={strings} />
      )}
    </span>
  )
}

function Reactions({
  message,
  onReact,
  strings,
}: {
  message: LocalMessage
  onReact: MessageHandlers['onReact']
  strings: ChatStrings
}) {
  if (message.reactions.length === 0) return null
  return (
    <p data-part="reactions">
      {message.reactions.map(({ emoji, count, mine = false }) => (
        <button
          key={emoji}
          type="button"
          aria-pressed={mine}
          aria-label={strings.reaction(emoji, count)}
          disabled={!onReact}
          onClick={() => onReact?.(message, emoji, !mine)}
        >
          <span>{emoji}</span>
          {count > 1 && <span>{count}</span>}
        </button>
      ))}
    </p>
  )
}

/** Why it is not there yet, and what can be done about it. */
function Trouble({
  message,
  actions,
  strings,
}: {
  message: LocalMessage
  actions: MessageHandlers
  strings: ChatStrings
}) {
  const { status, failure, policyNotice, isOld } = message
  if (policyNotice !== undefined) return <p data-part="notice">{policyNotice}</p>
  if (status !== 'failed') return null
  return (
    <p data-part="trouble" role="alert">
      <span>{isOld ? strings.waitedLong : (failure?.message ?? strings.status.failed)}</span>
      <button type="button" data-belfry-button="" onClick={() => actions.onRetry?.(message)}>
        {strings.retry}
      </button>
      <button type="button" data-belfry-button="" onClick={() => actions.onDiscard?.(message)}>
        {strings.discard}
      </button>
    </p>
  )
}
