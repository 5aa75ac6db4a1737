import { useEffect, useRef } from 'react'
import { useStrings } from '../kit/KitContext.ts'
import type { ShortcutName } from '../kit/strings.ts'
import { IconButton } from '../ui/IconButton.tsx'
import type { PartProps } from '../ui/part.ts'
import { defaultShortcuts, type ShortcutMap } from './shortcuts.ts'

interface ShortcutHelpProps extends PartProps {
  map?: ShortcutMap
  onClose(): void
}

/** All keys and what they do, in a dialog over everything. */
export function ShortcutHelp({
  map = defaultShortcuts,
  onClose,
  className,
  style,
  strings: own,
}: ShortcutHelpProps) {
  const strings = useStrings(own)
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
      <div data-part="bar">
        <h2>{strings.shortcuts}</h2>
        <IconButton icon="close" label={strings.close} onClick={onClose} />
      </div>
      <dl>
        {(Object.keys(map) as ShortcutName[]).map((name) => (
          <div key={name}>
            <dt>{strings.shortcutNames[name]}</dt>
            <dd>
              {map[name].map((keys) => (
                <kbd key={keys}>{keys.replace('Mod+', 'Ctrl/⌘ ').replace('+', ' ')}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </dialog>
  )
}
