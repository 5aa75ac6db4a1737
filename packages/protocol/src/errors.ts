interface ErrorRow {
  /** HTTP status of the reply. */
  readonly status: number
  /** Whether the same request, with the same idempotency key, may succeed later. */
  readonly retry: boolean
  /** Sentence for people; used when the thrower gives none. */
  readonly message: string
}

/** The one table of everything that can go wrong, seen from outside. Source: contract.md §2. */
export const errors = {
  validation_failed: { status: 400, retry: false, message: 'The input is not valid.' },
  email_in_use: { status: 400, retry: false, message: 'Email in use' },
  weak_password: { status: 400, retry: false, message: 'Choose a password of at least 8 characters.' },
  unauthorized: { status: 401, retry: false, message: 'No token' },
  forbidden: { status: 403, retry: false, message: 'You may not do this.' },
  role_not_allowed: { status: 403, retry: false, message: 'This role cannot be chosen.' },
  not_participant: { status: 403, retry: false, message: 'You are no longer in this chat.' },
  client_must_start: { status: 403, retry: false, message: 'The client has to write first.' },
  no_active_context: { status: 403, retry: false, message: 'There is nothing under way to talk about.' },
  chat_readonly: { status: 403, retry: false, message: 'This chat can only be read.' },
  chat_locked: { status: 403, retry: false, message: 'This chat is locked.' },
  chat_closed: { status: 403, retry: false, message: 'This chat is closed.' },
  contact_info_blocked: { status: 403, retry: false, message: 'Contact details cannot be sent here.' },
  blocked: { status: 403, retry: false, message: 'You cannot write to each other.' },
  muted: { status: 403, retry: false, message: 'You cannot write here for now.' },
  not_owner: { status: 403, retry: false, message: 'Only its sender can do this.' },
  edit_window_over: { status: 403, retry: false, message: 'It is too late to change this message.' },
  not_found: { status: 404, retry: false, message: 'Not found.' },
  request_timeout: { status: 408, retry: true, message: 'The request did not arrive in time.' },
  already_exists: { status: 409, retry: false, message: 'It exists already.' },
  idempotency_conflict: {
    status: 409,
    retry: false,
    message: 'This idempotency key was used with another body.',
  },
  too_large: { status: 413, retry: false, message: 'The request is too large.' },
  uri_too_long: { status: 414, retry: false, message: 'The address is too long.' },
  unsupported_media_type: { status: 415, retry: false, message: 'Send one JSON object in UTF-8.' },
  media_rejected: { status: 422, retry: false, message: 'This file cannot be taken.' },
  too_long: { status: 422, retry: false, message: 'The message is too long.' },
  rate_limited: { status: 429, retry: true, message: 'Too many requests. Wait and try again.' },
  headers_too_large: { status: 431, retry: false, message: 'The request headers are too large.' },
  internal: { status: 500, retry: false, message: 'Something went wrong on our side.' },
  unavailable: { status: 503, retry: true, message: 'Nothing was done. Try again shortly.' },
  outcome_unknown: {
    status: 503,
    retry: true,
    message: 'It may or may not have happened. Repeat it with the same idempotency key.',
  },
} as const satisfies Record<string, ErrorRow>

export type ErrorCode = keyof typeof errors

/** What a failure looks like in an acknowledgement or in a reply body. */
export interface FailureShape {
  code: ErrorCode
  message: string
  /** Path of the offending input, such as `audience.user`. */
  field?: string
  /** How long to wait before another try, in milliseconds. */
  retryAfterMs?: number
  /** Id under which an `internal` failure stands in the log. */
  errorId?: string
}

export interface FailureDetails {
  message?: string
  field?: string
  retryAfterMs?: number
  errorId?: string
}

const BRAND = Symbol.for('belfry.failure')

/**
 * The one class of expected errors. Features throw it; the doors translate it.
 * @example
 * throw new Failure('not_found')
 */
export class Failure extends Error {
  /** The same mark in every copy of this module: a bundled server's failures are known to an app that has its own. */
  readonly [BRAND] = true
  readonly code: ErrorCode
  readonly details: FailureDetails

  constructor(code: ErrorCode, details: FailureDetails = {}) {
    super(details.message ?? errors[code].message)
    this.name = 'Failure'
    this.code = code
    this.details = details
  }

  /** HTTP status of the reply. */
  get status(): number {
    return errors[this.code].status
  }

  /** Plain object for the wire and for thread borders. */
  toShape(): FailureShape {
    return { ...this.details, code: this.code, message: this.message }
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && BRAND in value
  }

  static fromShape(shape: FailureShape): Failure {
    const { code, ...details } = shape
    return new Failure(code, details)
  }
}
