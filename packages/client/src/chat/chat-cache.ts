import type { Chat, Member, Message } from '@belfry/protocol'
import type { Host } from '../host.ts'
import { LocalCopy } from '../local-copy.ts'
import { isListOf, isRecord, isText } from '../stored-values.ts'
import type { ChatDirectory, ChatTotal } from './chat-directory.ts'
import { byRecency } from './chat-facts.ts'

/** Source: ui.md C9. */
const MAX_CHATS = 20
const MAX_MESSAGES = 30
/** Half of what a device keeps for a user; the other half is the inbox's. */
const MAX_BYTES = 500_000

export interface KeptChat {
  readonly members: readonly Member[]
  /** Ascending; the newest. */
  readonly messages: readonly Message[]
}

interface Kept {
  readonly chats: readonly Chat[]
  readonly total: ChatTotal
  readonly windows: ReadonlyMap<string, KeptChat>
}

export interface ChatCacheOptions {
  host: Pick<Host, 'environment' | 'options' | 'session'>
  directory: ChatDirectory
}

/** The last look of chats, on this device and while the page lives: to be shown at once, never as the truth. */
export class ChatCache {
  readonly #options: ChatCacheOptions
  /** The latest looked at comes last. */
  #windows = new Map<string, KeptChat>()
  #copy: LocalCopy<object> | undefined

  constructor(options: ChatCacheOptions) {
    this.#options = options
  }

  /** For the user of now. Answers when what the device has kept is known. */
  async open(onKept: (kept: Kept) => void): Promise<void> {
    const { host } = this.#options
    const { environment, options, session } = host
    this.close()
    if (!environment.storage || options.cache === 'none') return
    const { clock, storage: store } = environment
    let found: Kept | undefined
    const read = (value: unknown) => {
      found = fromKept(value)
      return found
    }
    const copy = new LocalCopy<object>({
      store,
      clock,
      key: `${session.key}:chats`,
      write: () => this.#toKept(),
      read,
    })
    this.#copy = copy
    await copy.read()
    if (!found || this.#copy !== copy) return
    for (const [id, kept] of found.windows) if (!this.#windows.has(id)) this.#windows.set(id, kept)
    onKept(found)
  }

  read(chatId: string): KeptChat | undefined {
    return this.#windows.get(chatId)
  }

  note(chatId: string, { members, messages }: KeptChat): void {
    this.#windows.delete(chatId)
    this.#windows.set(chatId, { members, messages: messages.slice(-MAX_MESSAGES) })
    const [oldest] = this.#windows.keys()
    if (this.#windows.size > MAX_CHATS && oldest !== undefined) this.#windows.delete(oldest)
    this.touch()
  }

  forget(chatId: string): void {
    if (this.#windows.delete(chatId)) this.touch()
  }

  /** Something that is kept has changed. */
  touch(): void {
    this.#copy?.keep({})
  }

  flush(): void {
    this.#copy?.flush()
  }

  close(): void {
    this.#copy?.close()
    this.#copy = undefined
    this.#windows = new Map()
  }

  #toKept(): object {
    const { directory } = this.#options
    const { joined } = directory
    const chats = joined.sort(byRecency).slice(0, MAX_CHATS)
    let windows = [...this.#windows]
      .filter(([id]) => joined.some((chat) => chat.id === id))
      .map(([id, { members, messages }]) => ({ id, members, messages }))
    const whole = () => ({ chats, total: directory.total, windows })
    while (sizeOf(whole()) > MAX_BYTES && windows.length > 0)
      windows = windows.slice(Math.ceil(windows.length / 2))
    return sizeOf(whole()) > MAX_BYTES ? {} : whole()
  }
}

const sizeOf = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length

const isNumber = (value: unknown): value is number => Number.isFinite(value)

const isMessage = (value: unknown): value is Message =>
  isRecord(value) &&
  ['id', 'clientId', 'chatId', 'messageType', 'content', 'createdAt'].every((name) => isText(value[name])) &&
  isNumber(value.seq) &&
  [value.media, value.mentions].every(Array.isArray) &&
  isListOf(value.reactions, isRecord) &&
  value.reactions.every(({ userIds }) => Array.isArray(userIds))

const isMember = (value: unknown): value is Member =>
  isRecord(value) &&
  isText(value.userId) &&
  isText(value.role) &&
  isNumber(value.lastReadSeq) &&
  isNumber(value.lastDeliveredSeq)

const isChat = (value: unknown): value is Chat =>
  isRecord(value) &&
  isText(value.id) &&
  isText(value.updatedAt) &&
  isNumber(value.lastSeq) &&
  isNumber(value.unread) &&
  isRecord(value.prefs) &&
  [value.memberIds, value.capabilities, value.pins].every(Array.isArray) &&
  (value.lastMessage === undefined || isMessage(value.lastMessage))

type Window = KeptChat & { id: string }
const isWindow = (value: unknown): value is Window =>
  isRecord(value) &&
  isText(value.id) &&
  isListOf(value.members, isMember) &&
  isListOf(value.messages, isMessage)

const isTotal = (value: unknown): value is ChatTotal =>
  isRecord(value) && [value.unread, value.chats, value.mentions].every(isNumber)

/** Undefined when it is of no use: another version may have written it. */
function fromKept(value: unknown): Kept | undefined {
  const { chats, total, windows } = isRecord(value) ? value : {}
  if (!isListOf(chats, isChat) || !isTotal(total) || !isListOf(windows, isWindow)) return undefined
  return { chats, total, windows: new Map(windows.map(({ id, ...kept }) => [id, kept])) }
}
