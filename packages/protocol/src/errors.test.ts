import { describe, expect, it } from 'vitest'
import { type ErrorCode, errors, Failure } from './errors.ts'

const codes = Object.keys(errors) as ErrorCode[]

describe('the error table', () => {
  it.each(codes)('%s has a code, a status of failure and a sentence', (code) => {
    const { status, message } = errors[code]
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/)
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(600)
    expect(message).toMatch(/^[A-Z].*\S$/)
  })

  it('invites to a retry only where the same request may succeed later', () => {
    const retried = codes.filter((code) => errors[code].retry)
    expect(retried).toEqual(['request_timeout', 'rate_limited', 'unavailable', 'outcome_unknown'])
    for (const code of retried) expect([408, 429, 503]).toContain(errors[code].status)
  })

  it('has the exact sentences that clients of the seeds compare', () => {
    expect([errors.email_in_use.message, errors.unauthorized.message]).toEqual(['Email in use', 'No token'])
  })
})

describe('a failure', () => {
  it('speaks the sentence of its code unless it is given one', () => {
    expect(new Failure('not_found').message).toBe(errors.not_found.message)
    expect(new Failure('not_found', { message: 'No such room.' }).message).toBe('No such room.')
    expect(new Failure('rate_limited').status).toBe(429)
  })

  it.each(codes)('%s is the same after crossing the wire', (code) => {
    const failure = new Failure(code, { field: 'audience.user', retryAfterMs: 5, errorId: 'e1' })
    const again = Failure.fromShape(JSON.parse(JSON.stringify(failure.toShape())))
    expect(again.toShape()).toEqual(failure.toShape())
    expect(again).toBeInstanceOf(Failure)
    expect([again.code, again.status, again.message]).toEqual([code, failure.status, failure.message])
  })

  it('carries no stack', () => {
    expect(JSON.stringify(new Failure('internal').toShape())).not.toContain('errors.test')
  })
})
