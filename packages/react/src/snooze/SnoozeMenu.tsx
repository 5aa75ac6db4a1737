import { type KeyboardEvent, type SubmitEvent, useEffect, useId, useRef, useState } from 'react'
import { dateLabel } from '../dates/date-labels.ts'
import { useActions } from '../inbox/inbox-actions.ts'
import { useKit } from '../kit/KitContext.ts'
import { useStrings } from '../kit/useStrings.ts'
import { useElements } from '../ui/part.ts'
import { placeBeside } from '../ui/place-beside.ts'
import { fromField, snoozeTimes, toField } from './snooze-times.ts'

const MINUTE_MS = 60_000
/** As the server lets it. */
const YEAR_MS = 365 * 24 * 60 * MINUTE_MS
const ROW = '[data-belfry-row]'

interface SnoozeMenuProps {
  ids: readonly string[]
  opener: HTMLElement
  onClose(): void
  onEnd?: (() => void) | undefined
}

/** Times to choose from and a field for another one, beside the button that asked. Not modal. */
export function SnoozeMenu({ ids, opener, onClose, onEnd }: SnoozeMenuProps) {
  const { locale, timeZone, ...kit } = useKit()
  const strings = useStrings()
  const actions = useActions()
  const element = useElements()
  const menu = useRef<HTMLDivElement>(null)
  const heading = useId()
  const [nowMs] = useState(kit.now)
  useOpen(menu, opener, onClose)
  const choices = snoozeTimes(nowMs, timeZone)
  const choose = (ms: number) => {
    // The row goes, and must not take the focus along.
    const row = opener.closest<HTMLElement>(ROW)
    const rows = [...(row?.closest('[data-belfry-list]')?.querySelectorAll<HTMLElement>(ROW) ?? [])]
    const at = row ? rows.indexOf(row) : -1
    ;(rows[at + 1] ?? rows[at - 1])?.focus()
    onClose()
    actions.snooze(ids, new Date(ms))
    onEnd?.()
  }
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    const ms = fromField(String(new FormData(event.currentTarget).get('until')), timeZone)
    if (!Number.isNaN(ms)) choose(ms)
  }
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    // Keys of the list behind it, and of the panel around that, mean nothing here.
    event.stopPropagation()
    if (event.key === 'Escape') {
      event.preventDefault()
      opener.focus()
      onClose()
    } else moveIn(event)
  }
  const first = choices.find(([name]) => name === 'tomorrow')?.[1] ?? nowMs
  return (
    <div
      ref={menu}
      popover="manual"
      role="dialog"
      aria-labelledby={heading}
      data-belfry-snooze=""
      onClick={(event) => event.stopPropagation()}
      onKeyDown={onKeyDown}
      onBlur={({ relatedTarget }) => {
        if (relatedTarget && !menu.current?.contains(relatedTarget)) onClose()
      }}
    >
      <p {...element('title')} id={heading}>
        {strings.snooze}
      </p>
      {choices.map(([name, ms]) => (
        <button key={name} type="button" onClick={() => choose(ms)}>
          <span>{strings.snoozeNames[name]}</span>
          <time dateTime={new Date(ms).toISOString()}>
            {dateLabel(ms, { style: 'time', nowMs, locale, timeZone, strings })}
          </time>
        </button>
      ))}
      <form onSubmit={submit}>
        <label>
          <span>{strings.snoozeOwn}</span>
          <input
            type="datetime-local"
            name="until"
            required
            defaultValue={toField(first, timeZone)}
            min={toField(nowMs + MINUTE_MS, timeZone)}
            max={toField(nowMs + YEAR_MS, timeZone)}
          />
        </label>
        <button type="submit" data-belfry-button="primary">
          {strings.snooze}
        </button>
      </form>
    </div>
  )
}

function useOpen(menu: { current: HTMLElement | null }, opener: HTMLElement, onClose: () => void): void {
  const close = useRef(onClose)
  useEffect(() => {
    close.current = onClose
  })
  useEffect(() => {
    const element = menu.current
    if (!element) return
    placeBeside(element, opener)
    element.querySelector('button')?.focus()
    const leave = ({ target }: Event) => {
      const isInside = target instanceof Node && (element.contains(target) || opener.contains(target))
      if (!isInside) close.current()
    }
    document.addEventListener('pointerdown', leave)
    return () => document.removeEventListener('pointerdown', leave)
  }, [menu, opener])
}

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 }

/** Arrows go from one choice to the next; in the field they are the field's. */
function moveIn(event: KeyboardEvent<HTMLElement>): void {
  const step = STEPS[event.key]
  if (step === undefined || !(event.target instanceof HTMLButtonElement)) return
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>('button, input')]
  const at = all.indexOf(event.target)
  event.preventDefault()
  all.at((at + step) % all.length)?.focus()
}
