import type { ShortcutName } from '../kit/strings.ts'

/** Keys of each command, as `KeyboardEvent.key`, with `Shift+` or `Mod+` (Ctrl or Cmd) before it. Source: ui.md §5, Keyboard. */
export type ShortcutMap = Readonly<Record<ShortcutName, readonly string[]>>

export const defaultShortcuts: ShortcutMap = {
  next: ['j', 'ArrowDown', 'PageDown'],
  previous: ['k', 'ArrowUp', 'PageUp'],
  open: ['Enter'],
  read: ['Shift+I'],
  unread: ['Shift+U'],
  snooze: ['s'],
  archive: ['e'],
  remove: ['Delete'],
  undo: ['Mod+z'],
  select: ['x'],
  search: ['/'],
  help: ['?'],
}

type Keys = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>

/** @returns the command that the keys mean, if any. */
export function commandOf(event: Keys, map: ShortcutMap): ShortcutName | undefined {
  if (event.altKey) return undefined
  const isMod = event.ctrlKey || event.metaKey
  const fits = (combination: string) => {
    const parts = combination.split('+')
    const key = parts.at(-1) ?? ''
    if (isMod !== parts.includes('Mod')) return false
    // A character says by itself whether Shift made it; letters are compared without case.
    const wantsShift = parts.includes('Shift')
    const isLetter = /^[a-z]$/i.test(key)
    if (isLetter) return event.key.toLowerCase() === key.toLowerCase() && event.shiftKey === wantsShift
    return event.key === key && (key.length === 1 || event.shiftKey === wantsShift)
  }
  return (Object.keys(map) as ShortcutName[]).find((name) => map[name].some(fits))
}

/** Whether somebody writes there: letters are not commands then. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  )
}
