import type { ErrorCode, FailureShape } from '@belfry/protocol'

/**
 * `not_confirmed`: no answer came, so it may or may not have happened. `disconnected` and `timeout` are its causes
 * while there are tries left. `queue_full`: 200 changes, or 50 messages, wait for the line already. `closed`: the client was closed.
 */
export type ClientCode = ErrorCode | 'not_confirmed' | 'disconnected' | 'timeout' | 'queue_full' | 'closed'

const MESSAGES: Partial<Record<ClientCode, string>> = {
  not_confirmed: 'The server has not confirmed this.',
  disconnected: 'The connection ended.',
  timeout: 'The server did not answer.',
  queue_full: 'Too much is waiting.',
  closed: 'The client was closed.',
} as const satisfies Record<Exclude<ClientCode, ErrorCode>, string>

/** Nothing was decided: the same key may be sent again. The protocol's error table says so too; a test compares. */
const RETRIED: ReadonlySet<ClientCode> = new Set<ClientCode>([
  'request_timeout',
  'rate_limited',
  'unavailable',
  'outcome_unknown',
  'disconnected',
  'timeout',
])
const UNDECIDED: ReadonlySet<ClientCode> = new Set<ClientCode>(['disconnected', 'timeout', 'outcome_unknown'])

/**
 * What a command of the client rejects with.
 * @example
 * import { ClientFailure, createClient } from '@belfry/client'
 * const client = createClient({ url: 'http://localhost:4000', getToken: () => 'token' })
 * client.markRead('some-id').catch((error: unknown) => {
 *   if (error instanceof ClientFailure && error.code === 'not_found') client.refresh()
 * })
 */
export class ClientFailure extends Error {
  readonly code: ClientCode
  readonly field: string | undefined
  /** How long the server asks to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined

  constructor(code: ClientCode, details: Partial<Omit<FailureShape, 'code'>> = {}) {
    super(details.message ?? MESSAGES[code] ?? code)
    this.name = 'ClientFailure'
    this.code = code
    this.field = details.field
    this.retryAfterMs = details.retryAfterMs
  }

  get isRetried(): boolean {
    return RETRIED.has(this.code)
  }

  /** The failure when there are no tries left: what nobody decided is not confirmed rather than failed. */
  get final(): ClientFailure {
    return UNDECIDED.has(this.code) ? new ClientFailure('not_confirmed') : this
  }
}
