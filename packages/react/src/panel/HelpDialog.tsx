import { useEffect, useRef } from 'react'
import type { ShortcutName } from '../kit/strings.ts'
import { useStrings } from '../kit/useStrings.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { useElements } from '../ui/part.ts'
import type { ShortcutHelpProps } from './ShortcutHelp.tsx'
import { defaultShortcuts } from './shortcuts.ts'

/** Signs of keys need no translation. */
const SIGNS: Readonly<Record<string, string>> = {
  ArrowDown: '↓',
  ArrowUp: '↑',
  PageDown: '⇟',
  PageUp: '⇞',
  Enter: '⏎',
  Delete: '⌦',
  Shift: '⇧',
  Mod: '⌃/⌘',
}

const signsOf = (keys: string) =>
  keys
    .split('+')
    .map((key) => SIGNS[key] ?? key.toUpperCase())
    .join(' ')

/** All keys and what they do, in a dialog over everything. */
export function HelpDialog({ map = defaultShortcuts, onClose, className, style }: ShortcutHelpProps) {
  const strings = useStrings()
  const element = useElements()
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const before = document.activeElement
    dialog.current?.showModal()
    return () => {
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])
  return (
    <dialog
      ref={dialog}
      data-belfry-help=""
      className={className}
      style={style}
      aria-label={strings.shortcuts}
      onClose={onClose}
    >
      <div {...element('bar')}>
        <h2>{strings.shortcuts}</h2>
        <IconButton icon="close" label={strings.close} onClick={onClose} />
      </div>
      <dl>
        {(Object.keys(map) as ShortcutName[]).map((name) => (
          <div key={name}>
            <dt>{strings.shortcutNames[name]}</dt>
            <dd>
              {map[name].map((keys) => (
                <kbd key={keys}>{signsOf(keys)}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </dialog>
  )
}
