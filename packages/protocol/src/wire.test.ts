import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { z } from 'zod'
import {
  type CommandRow,
  commands,
  cursor,
  entryKinds,
  errors,
  handshake,
  PROTOCOL_VERSION,
} from './index.ts'

const file = new URL('./wire.snapshot.json', import.meta.url)

interface Recorded {
  version: number
  /** A hash per word, so that a change names what it changed. */
  words: Record<string, string>
}

const hash = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16)
const schemaOf = (schema: z.ZodType, io: 'input' | 'output') =>
  z.toJSONSchema(schema, { io, unrepresentable: 'any' })

/** What is on the wire of one command. Its summary is for people and may change. */
function wordsOf({ input, output, rest, socket, effect, rule, scope }: CommandRow): unknown {
  return [schemaOf(input, 'input'), schemaOf(output, 'output'), rest, socket, effect, rule, scope]
}

function words(): Record<string, string> {
  const rows: [string, CommandRow][] = Object.entries(commands)
  return {
    ...Object.fromEntries(rows.map(([name, row]) => [`command ${name}`, hash(wordsOf(row))])),
    ...Object.fromEntries(Object.entries(errors).map(([code, row]) => [`error ${code}`, hash(row)])),
    ...Object.fromEntries(entryKinds.map((kind) => [`entry ${kind}`, ''])),
    'frame cursor': hash(schemaOf(cursor, 'input')),
    'frame handshake': hash(schemaOf(handshake, 'input')),
  }
}

const read = (): Recorded | undefined =>
  existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Recorded) : undefined

it('has new words only under a new PROTOCOL_VERSION', () => {
  // `RECORD_WIRE=1` records a new version; the words of a recorded one are not recorded again.
  if (process.env.RECORD_WIRE === '1' && read()?.version !== PROTOCOL_VERSION) {
    writeFileSync(file, `${JSON.stringify({ version: PROTOCOL_VERSION, words: words() }, undefined, 2)}\n`)
  }
  const recorded = read()
  expect(recorded?.version, 'run this test once with RECORD_WIRE=1').toBe(PROTOCOL_VERSION)
  expect(words(), 'the words on the wire have changed: raise PROTOCOL_VERSION').toEqual(recorded?.words)
})

it('notices a changed field, code or kind', () => {
  const row = commands.markRead
  const before = hash(wordsOf(row))
  expect(hash(wordsOf({ ...row, input: z.strictObject({ id: z.string() }) }))).not.toBe(before)
  expect(hash(wordsOf({ ...row, output: z.object({ read: z.int() }) }))).not.toBe(before)
  expect(hash(wordsOf({ ...row, rule: 'admin' }))).not.toBe(before)
  expect(hash(wordsOf({ ...row, summary: 'In other words.' }))).toBe(before)
})
