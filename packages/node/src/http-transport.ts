import {
  type CommandName,
  type CommandRow,
  commands,
  type ErrorCode,
  errors,
  Failure,
} from '@belfry/protocol'
import type { CallOptions, Transport } from './transport.ts'

/** A token, or what fetches one: it is asked before every attempt, so that a fresh one is used. */
export type Credential = string | (() => string | Promise<string>)

export interface HttpTransportOptions {
  url: string
  /** Without one, the server must run with `AUTH=open`. */
  credential: Credential | undefined
  fetch: typeof globalThis.fetch
  /** For one attempt, in milliseconds. */
  timeoutMs: number
}

/** Errors of a connection that was never made: the request did not leave. */
const NOT_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'])
/** Answers of a proxy that may have passed the request on. */
const FROM_PROXY = new Set([502, 503, 504])

/** Commands over the server's REST routes: method, path and body follow from the command's row. */
export function httpTransport(options: HttpTransportOptions): Transport {
  if (!/^https?:$/.test(URL.parse(options.url)?.protocol ?? '')) {
    throw new TypeError('url: give the http(s) address of the server, such as http://127.0.0.1:4000')
  }
  return {
    async call(name, input, callOptions) {
      const { url, ...request } = await toRequest(name, input, options)
      const reply = await send(url, request, options, callOptions)
      return readReply(reply)
    },
  }
}

async function toRequest(name: CommandName, input: Record<string, unknown>, options: HttpTransportOptions) {
  const { rest }: CommandRow = commands[name]
  if (!rest) throw new Error(`The command ${name} has no REST route.`)
  const { path, others } = fillPath(rest.path, input)
  const headers: Record<string, string> = { accept: 'application/json' }
  const credential =
    typeof options.credential === 'function' ? await options.credential() : options.credential
  if (credential !== undefined) headers.authorization = `Bearer ${credential}`
  const base = options.url.replace(/\/+$/, '')
  if (rest.method !== 'GET' && rest.method !== 'DELETE') {
    headers['content-type'] = 'application/json'
    return { url: `${base}${path}`, method: rest.method, headers, body: JSON.stringify(others) }
  }
  // Not every proxy passes on the body of a DELETE.
  const { idempotencyKey, ...query } = others
  if (idempotencyKey !== undefined) headers['idempotency-key'] = String(idempotencyKey)
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined)
  const search = new URLSearchParams(pairs.map(([key, value]) => [key, String(value)]))
  return { url: `${base}${path}${search.size > 0 ? `?${search}` : ''}`, method: rest.method, headers }
}

function fillPath(template: string, input: Record<string, unknown>) {
  const others = { ...input }
  const path = template.replace(/:(\w+)/g, (_, key: string) => {
    const value = others[key]
    if (value === undefined || value === '') {
      throw new Failure('validation_failed', { field: key, message: `${key}: It is needed.` })
    }
    delete others[key]
    return encodeURIComponent(String(value))
  })
  return { path, others }
}

async function send(
  url: string,
  request: RequestInit,
  { fetch, timeoutMs }: HttpTransportOptions,
  { signal }: CallOptions,
): Promise<{ status: number; headers: Headers; text: string }> {
  const timeout = AbortSignal.timeout(timeoutMs)
  try {
    const reply = await fetch(url, {
      ...request,
      // A redirect would turn a POST into a GET.
      redirect: 'manual',
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    })
    return { status: reply.status, headers: reply.headers, text: await reply.text() }
  } catch (error) {
    if (signal?.aborted) throw signal.reason
    if (timeout.aborted) throw caused('outcome_unknown', `No answer within ${timeoutMs} ms.`, error)
    const isSent = !NOT_SENT.has(codeOf(error))
    throw caused(isSent ? 'outcome_unknown' : 'unavailable', 'The server cannot be reached.', error)
  }
}

function caused(code: ErrorCode, message: string, cause: unknown): Failure {
  const failure = new Failure(code, { message })
  failure.cause = cause
  return failure
}

/** What the system says; `fetch` hides it in the cause of its own error. */
function codeOf(error: unknown): string {
  const { cause } = error instanceof Error ? error : {}
  return typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : ''
}

function readReply(reply: { status: number; headers: Headers; text: string }): unknown {
  const body = parse(reply.text)
  if (reply.status >= 200 && reply.status < 300 && body) {
    const { success: _, ...rest } = body
    return rest
  }
  throw toFailure(reply.status, reply.headers, body)
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}

function toFailure(status: number, headers: Headers, body: Record<string, unknown> | undefined): Failure {
  const retryAfterMs = readRetryAfter(headers.get('retry-after'))
  const details = {
    ...textOf('message', body?.message),
    ...textOf('field', body?.field),
    ...textOf('errorId', body?.errorId),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  }
  const code = body?.code
  if (typeof code === 'string' && Object.hasOwn(errors, code)) return new Failure(code as ErrorCode, details)
  const fallback = `The answer (status ${status}) is not one of Belfry's; check the url.`
  return new Failure(codeOfStatus(status), { message: fallback, ...details })
}

const textOf = (name: string, value: unknown) => (typeof value === 'string' ? { [name]: value } : {})

/** For answers that carry no code of ours: those of a proxy, or of a newer server. */
function codeOfStatus(status: number): ErrorCode {
  if (FROM_PROXY.has(status)) return 'outcome_unknown'
  const known = Object.entries(errors).find(([, row]) => row.status === status)
  // The keys of the table are the codes; `Object.entries` cannot say so.
  return known ? (known[0] as ErrorCode) : 'internal'
}

/** Whole seconds, or a date. */
function readRetryAfter(header: string | null): number | undefined {
  if (header === null) return undefined
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000
  const at = Date.parse(header)
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now())
}
