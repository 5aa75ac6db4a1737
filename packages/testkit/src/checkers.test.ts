import { describe, expect, it } from 'vitest'
import {
  findAll,
  findApplyFaults,
  findDisorder,
  findDuplicates,
  findLost,
  findMiscount,
  findPhantoms,
  type Reading,
} from './checkers.ts'
import { History, type Operation } from './history.ts'
import type { Note } from './http.ts'

const USER = 'ann'

function noteOf(operation: Operation, more: Partial<Note> = {}): Note {
  const id = operation.id ?? operation.key
  const at = '2026-01-01T00:00:00.000Z'
  return {
    id,
    _id: id,
    type: 'info',
    title: 'Notification',
    message: operation.message,
    priority: 'medium',
    status: 'pending',
    createdAt: at,
    timestamp: at,
    readAt: null,
    is_read: false,
    isRead: false,
    meta: null,
    ...more,
  }
}

/** Five sends one after the other, the last two of them unknown and refused. */
function history(): { log: History; operations: Operation[] } {
  const log = new History()
  const operations = (['ok', 'ok', 'ok', 'unknown', 'fail'] as const).map((outcome, index) => {
    const operation = log.invoke([USER], {})
    log.end(operation, outcome, outcome === 'ok' ? `id-${index}` : undefined)
    return operation
  })
  return { log, operations }
}

const reading = (list: Note[], unread = list.length): Reading => ({ userId: USER, list, unread })
const newestFirst = (operations: readonly (Operation | undefined)[]) =>
  operations.flatMap((operation) => (operation ? [noteOf(operation)] : [])).toReversed()

describe('the checkers', () => {
  it('find nothing in a right list, with or without what was unknown', () => {
    const { log, operations } = history()
    expect(findAll(log, reading(newestFirst(operations.slice(0, 3))))).toEqual([])
    expect(findAll(log, reading(newestFirst(operations.slice(0, 4))))).toEqual([])
  })

  it('find one that was acknowledged and is gone', () => {
    const { log, operations } = history()
    expect(findLost(log, reading(newestFirst([operations[0], operations[2]])))).toHaveLength(1)
  })

  it('find one whose id is there with other content', () => {
    const { log, operations } = history()
    const list = newestFirst(operations.slice(0, 3)).map((note, index) =>
      index === 1 ? { ...note, message: 'other' } : note,
    )
    expect(findLost(log, reading(list))).toHaveLength(1)
    expect(findPhantoms(log, reading(list))).toHaveLength(1)
  })

  it('find one that was refused and is listed all the same, and one that was never sent to this user', () => {
    const { log, operations } = history()
    const other = log.invoke(['bob'], {})
    log.end(other, 'ok', 'id-bob')
    expect(findPhantoms(log, reading(newestFirst([operations[4], other])))).toHaveLength(2)
  })

  it('find one that is there twice, by id and by content', () => {
    const { operations } = history()
    const [first] = newestFirst(operations.slice(0, 1))
    if (first === undefined) throw new Error('no note')
    expect(findDuplicates(reading([first, first]))).toHaveLength(2)
    expect(findDuplicates(reading([first, { ...first, id: 'another' }]))).toHaveLength(1)
  })

  it('find two that stand in the wrong order', () => {
    const { log, operations } = history()
    const list = newestFirst(operations.slice(0, 3))
    expect(findDisorder(log, reading(list))).toEqual([])
    expect(findDisorder(log, reading(list.toReversed()))).not.toEqual([])
  })

  it('accept any order of two that overlapped', () => {
    const log = new History()
    const [a, b] = [log.invoke([USER], {}), log.invoke([USER], {})]
    log.end(b, 'ok', 'b')
    log.end(a, 'ok', 'a')
    for (const list of [newestFirst([a, b]), newestFirst([b, a])])
      expect(findDisorder(log, reading(list))).toEqual([])
  })

  it('accept any place of one whose end nobody knows', () => {
    const log = new History()
    const a = log.invoke([USER], {})
    log.end(a, 'unknown')
    const b = log.invoke([USER], {})
    log.end(b, 'ok', 'b')
    for (const list of [newestFirst([a, b]), newestFirst([b, a])])
      expect(findDisorder(log, reading(list))).toEqual([])
  })

  it('find a count that is not the recount', () => {
    const { operations } = history()
    const list = newestFirst(operations.slice(0, 3))
    expect(findMiscount(reading(list, 3))).toEqual([])
    expect(findMiscount(reading(list, 2))).toHaveLength(1)
    const [first, ...rest] = list
    if (first === undefined) throw new Error('no note')
    expect(findMiscount(reading([{ ...first, readAt: first.createdAt }, ...rest], 2))).toEqual([])
  })

  it('find what a client applied twice or never', () => {
    const { operations } = history()
    const list = newestFirst(operations.slice(0, 3))
    expect(findApplyFaults(USER, list, list)).toEqual([])
    expect(findApplyFaults(USER, [...list, ...list.slice(0, 1)], list)).toHaveLength(1)
    expect(findApplyFaults(USER, list.slice(1), list)).toHaveLength(1)
  })
})
