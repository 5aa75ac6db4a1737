import { Failure } from '@belfry/protocol'
import { nanoid } from 'nanoid'
import type { Logger } from 'pino'

/** The one place where anything thrown becomes an answer. The unknown becomes `internal`, with an id that is in the log. */
export function toFailure(error: unknown, log: Logger): Failure {
  if (error instanceof Failure) return error
  const known = fromFramework(error)
  if (known) return known
  const errorId = nanoid(12)
  log.error({ err: error, errorId }, 'unexpected error')
  return new Failure('internal', { errorId })
}

/** Codes of Fastify and of Node's HTTP parser that name a fault of the caller. */
const frameworkCodes: Record<string, ConstructorParameters<typeof Failure>[0]> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'validation_failed',
  FST_ERR_CTP_INVALID_JSON_BODY: 'validation_failed',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'validation_failed',
  FST_ERR_BAD_URL: 'validation_failed',
  FST_ERR_MAX_PARAM_LENGTH: 'uri_too_long',
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
}

function fromFramework(error: unknown): Failure | undefined {
  if (!(error instanceof Error)) return undefined
  const code = 'code' in error ? frameworkCodes[String(error.code)] : undefined
  if (code) return new Failure(code)
  const status = 'statusCode' in error ? Number(error.statusCode) : 0
  return status >= 400 && status < 500 ? new Failure('validation_failed') : undefined
}

/** Body of a failed HTTP reply. Source: contract.md §2. */
export function failureBody(failure: Failure) {
  const { code, message, field, errorId } = failure.toShape()
  return { success: false, code, message, ...(field ? { field } : {}), ...(errorId ? { errorId } : {}) }
}

/** Seconds for `Retry-After`: whole, at least 1; undefined where a repeat would not help. */
export function retryAfterSeconds({ code, details }: Failure): number | undefined {
  if (code === 'rate_limited') return Math.max(1, Math.ceil((details.retryAfterMs ?? 1000) / 1000))
  if (code === 'unavailable' || code === 'outcome_unknown') {
    return Math.max(1, Math.ceil((details.retryAfterMs ?? 2000) / 1000))
  }
  return undefined
}

/** The same answer as bytes, for connections on which no framework replies. */
export function rawAnswer(failure: Failure): string {
  const body = JSON.stringify(failureBody(failure))
  const seconds = retryAfterSeconds(failure)
  const lines = [
    `HTTP/1.1 ${failure.status} ${failure.code}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    ...(seconds === undefined ? [] : [`Retry-After: ${seconds}`]),
  ]
  return `${lines.join('\r\n')}\r\n\r\n${body}`
}
