import type { CommandInput, Media, Message } from '@belfry/protocol'
import { isListOf, isRecord, isText } from '../stored-values.ts'

/** What the user writes. */
export interface PostInput {
  content?: string
  messageType?: Exclude<Message['messageType'], 'system'>
  /** Files that `upload` has answered, or addresses of others as `external` ones. */
  media?: readonly Media[]
  /** Id of the message that this one answers. */
  replyTo?: string
  /** Ids of members. */
  mentions?: readonly string[]
  metadata?: Record<string, unknown>
  /** Without noise for anybody. */
  silent?: boolean
}

/** A message on its way to the server, as a device can keep it. */
export interface QueuedPost {
  readonly chatId: string
  /** The same for every try: the server takes it once. */
  readonly clientId: string
  /** When it was written: server time, ISO 8601. */
  readonly at: string
  readonly input: PostInput
  /** What it answers, for the row that is shown meanwhile. */
  readonly replyTo?: NonNullable<Message['replyTo']>
  /** Why the server has refused it. */
  readonly refusal?: { readonly code: string; readonly message: string }
}

/** Without an idempotency key: the `clientId` is one, and must go with the same words in every try. */
export function toCommand({ chatId, clientId, input }: QueuedPost): CommandInput<'postMessage'> {
  const { media, mentions, metadata, content = '', ...rest } = input
  return {
    ...rest,
    chatId,
    clientId,
    content,
    ...(mentions ? { mentions: [...mentions] } : {}),
    ...(media ? { media: media.map(toMediaInput) } : {}),
    // The server checks that it is JSON.
    ...(metadata ? { metadata: metadata as NonNullable<CommandInput<'postMessage'>['metadata']> } : {}),
  }
}

function toMediaInput({ id, alt, external, url, kind, name }: Media) {
  if (external) return { url, kind, name }
  return alt === undefined ? { id } : { id, alt }
}

export function isQueuedPost(value: unknown): value is QueuedPost {
  if (!isRecord(value)) return false
  const { chatId, clientId, at, input, refusal } = value
  if (!isText(chatId) || !isText(clientId) || !isText(at) || Number.isNaN(Date.parse(at))) return false
  if (refusal !== undefined && !(isRecord(refusal) && isText(refusal.code) && isText(refusal.message))) {
    return false
  }
  return isInput(input)
}

function isInput(value: unknown): boolean {
  if (!isRecord(value)) return false
  const { content, media, mentions } = value
  return (
    (content === undefined || isText(content)) &&
    (media === undefined || isListOf(media, isRecord)) &&
    (mentions === undefined || isListOf(mentions, isText))
  )
}
