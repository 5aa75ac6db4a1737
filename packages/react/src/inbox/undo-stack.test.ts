import { expect, test } from 'vitest'
import { UndoStack } from './undo-stack.ts'

test('takes back the latest first, each once', () => {
  const stack = new UndoStack()
  const done: string[] = []
  const first = stack.push(() => done.push('first'))
  stack.push(() => done.push('second'))
  first()
  first()
  stack.undo()
  stack.undo()
  expect(done).toEqual(['first', 'second'])
  expect(stack.canUndo()).toBe(false)
})

test('tells when there is something to take back, until nobody listens', () => {
  const stack = new UndoStack()
  const told: boolean[] = []
  const stop = stack.subscribe(() => told.push(stack.canUndo()))
  stack.push(() => undefined)
  stack.undo()
  stop()
  stack.push(() => undefined)
  expect(told).toEqual([true, false])
})
