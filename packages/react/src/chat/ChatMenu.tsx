import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { placeBeside } from '../ui/place-beside.ts'

export interface ChatMenuItem {
  label: string
  run(): void
  tone?: 'danger'
  /** Of a choice: whether it is the one. */
  isChecked?: boolean
}

interface ChatMenuProps {
  label: string
  button: ReactNode
  items: readonly ChatMenuItem[]
}

/** A button that opens a menu; arrows move in it, Escape and a click elsewhere close it. */
export function ChatMenu({ label, button, items }: ChatMenuProps) {
  const [isOpen, setOpen] = useState(false)
  const root = useRef<HTMLSpanElement>(null)
  const opener = useRef<HTMLButtonElement>(null)
  const menu = useRef<HTMLSpanElement>(null)
  const id = useId()
  useEffect(() => {
    if (!isOpen) return
    if (menu.current && opener.current) placeBeside(menu.current, opener.current)
    root.current?.querySelector<HTMLElement>('[role^="menuitem"]')?.focus()
    const leave = ({ target }: Event) => {
      if (!(target instanceof Node) || !root.current?.contains(target)) setOpen(false)
    }
    document.addEventListener('pointerdown', leave)
    return () => document.removeEventListener('pointerdown', leave)
  }, [isOpen])
  const close = () => {
    setOpen(false)
    opener.current?.focus()
  }
  return (
    <span ref={root} data-belfry-menu="">
      <button
        ref={opener}
        type="button"
        data-belfry-icon-button=""
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => setOpen(!isOpen)}
      >
        {button}
      </button>
      {isOpen && (
        <span
          ref={menu}
          id={id}
          popover="manual"
          role="menu"
          aria-label={label}
          onKeyDown={(event) => onKey(event, close)}
        >
          {items.map((item) => (
            // biome-ignore lint/a11y/useAriaPropsSupportedByRole: a choice has the role that supports it
            <button
              key={item.label}
              type="button"
              tabIndex={-1}
              role={item.isChecked === undefined ? 'menuitem' : 'menuitemradio'}
              aria-checked={item.isChecked}
              data-tone={item.tone}
              onClick={() => {
                close()
                item.run()
              }}
            >
              {item.label}
            </button>
          ))}
        </span>
      )}
    </span>
  )
}

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 }

function onKey(event: KeyboardEvent<HTMLElement>, close: () => void): void {
  const { key, currentTarget } = event
  if (key === 'Tab') return close()
  const all = [...currentTarget.querySelectorAll<HTMLElement>('[role^="menuitem"]')]
  const { activeElement } = document
  const at = activeElement instanceof HTMLElement ? all.indexOf(activeElement) : -1
  const target =
    key === 'Home'
      ? 0
      : key === 'End'
        ? all.length - 1
        : STEPS[key] === undefined
          ? undefined
          : at + STEPS[key]
  if (key !== 'Escape' && target === undefined) return
  event.preventDefault()
  event.stopPropagation()
  if (target === undefined) close()
  else all.at(target % all.length)?.focus()
}
