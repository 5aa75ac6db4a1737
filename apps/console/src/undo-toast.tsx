import { Undo2 } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'

/** Source: ui.md §5, Optimistic, undo. */
const SHOWN_MS = 6_000

interface UndoToastProps {
  title: string
  takesFocus: boolean
  onUndo(): void
  onEnd(): void
}

/** The way back after a deletion. Its time stands still under the pointer and while it has the focus. */
export function UndoToast({ title, takesFocus, onUndo, onEnd }: UndoToastProps) {
  const [isHeld, setHeld] = useState(takesFocus)
  const button = useRef<HTMLButtonElement>(null)
  const end = useRef(onEnd)
  useEffect(() => {
    end.current = onEnd
  })
  useEffect(() => {
    if (takesFocus) button.current?.focus()
  }, [takesFocus])
  useEffect(() => {
    if (isHeld) return
    const timer = setTimeout(() => end.current(), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [isHeld])
  return (
    <div
      className="toast"
      role="status"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
      onKeyDown={(event) => event.key === 'Escape' && onEnd()}
    >
      <span className="toast-words">
        Deleted “<span dir="auto">{title}</span>”
      </span>
      <button ref={button} type="button" className="button small toast-undo" onClick={onUndo}>
        <Undo2 size={14} aria-hidden="true" />
        Undo
      </button>
    </div>
  )
}
