import { expect, test } from 'vitest'
import { commandOf, defaultShortcuts } from './shortcuts.ts'

const none = { shiftKey: false, ctrlKey: false, metaKey: false, altKey: false }
const commandFor = (keys: Partial<KeyboardEvent> & { key: string }) =>
  commandOf({ ...none, ...keys }, defaultShortcuts)

test.each([
  [{ key: 'j' }, 'next'],
  [{ key: 'ArrowUp' }, 'previous'],
  [{ key: 'I', shiftKey: true }, 'read'],
  [{ key: 'U', shiftKey: true }, 'unread'],
  [{ key: 'e' }, 'archive'],
  [{ key: 'z', ctrlKey: true }, 'undo'],
  [{ key: 'z', metaKey: true }, 'undo'],
  [{ key: '?', shiftKey: true }, 'help'],
  [{ key: '/' }, 'search'],
  [{ key: 'Delete' }, 'remove'],
] as const)('%o means %s', (keys, command) => {
  expect(commandFor(keys)).toBe(command)
})

test.each([
  { key: 'i' },
  { key: 'z' },
  { key: 'E', shiftKey: true },
  { key: 'e', ctrlKey: true },
  { key: 'j', altKey: true },
  { key: 'Delete', shiftKey: true },
  { key: 'q' },
])('%o means nothing', (keys) => {
  expect(commandFor(keys)).toBeUndefined()
})
