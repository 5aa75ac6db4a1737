/** What the contract says about every reply and every notification. */
import type { Ack, BelfryServer, Note, Reply } from '@belfry/testkit'
import { expect } from 'vitest'

/** contract.md §2: ISO 8601 in UTC with milliseconds. */
export const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
export const ID = /^[A-Za-z0-9_\-.@|+]{1,128}$/
/** Nothing that tells of the inside: stacks, SQL, paths, hashes. */
const INSIDE = /\n\s+at |node_modules|SQLITE|\bSELECT\b.*\bFROM\b|\bINSERT INTO\b|\$argon2|packages\/server/i

export function expectNothingOfTheInside(text: string, server?: BelfryServer): void {
  expect(text).not.toMatch(INSIDE)
  if (server === undefined) return
  expect(text).not.toContain(server.dataDir)
  if (server.env.JWT_SECRET !== undefined) expect(text).not.toContain(server.env.JWT_SECRET)
}

export function expectSuccess<T>(reply: Reply<T>, status: 200 | 201 = 200): T {
  expect({ status: reply.status, text: reply.text }).toMatchObject({ status })
  expect(reply.body).toMatchObject({ success: true })
  return reply.body
}

export function expectRefusal(reply: Reply<unknown>, status: number, code: string, message?: string): void {
  expect({ status: reply.status, body: reply.body }).toMatchObject({
    status,
    body: { success: false, code, message: message ?? expect.stringMatching(/./) },
  })
  expectNothingOfTheInside(reply.text)
}

export function expectRefusedAck(ack: Ack, code: string): void {
  expect(ack).toMatchObject({ ok: false, error: { code, message: expect.stringMatching(/./) } })
}

/** One object with all spellings (contract.md §4). */
export function expectNote(note: Note): void {
  expect(note).toMatchObject({
    id: expect.stringMatching(/./),
    type: expect.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$/),
    title: expect.any(String),
    message: expect.any(String),
    priority: expect.stringMatching(/^(low|medium|high|urgent)$/),
    status: expect.stringMatching(/^(pending|delivered|seen|read)$/),
    createdAt: expect.stringMatching(TIME),
  })
  expect(note._id).toBe(note.id)
  expect(note.timestamp).toBe(note.createdAt)
  expect(note).toHaveProperty('readAt')
  if (note.readAt !== null) expect(note.readAt).toMatch(TIME)
  expect(note.is_read).toBe(note.readAt !== null)
  expect(note.isRead).toBe(note.is_read)
  expect(note).toHaveProperty('meta')
  expect(note.meta === null || (typeof note.meta === 'object' && !Array.isArray(note.meta))).toBe(true)
}
