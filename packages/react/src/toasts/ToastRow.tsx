import { type ReactNode, type RefObject, useRef } from 'react'
import { openItem } from '../inbox/visits.ts'
import { useKit, usePart } from '../kit/KitContext.ts'
import { useStrings } from '../kit/useStrings.ts'
import { PanelIcon } from '../ui/PanelIcon.tsx'
import { useElements } from '../ui/part.ts'
import { type Toast, toastCenterOf } from './toast-center.ts'

interface ToastRowProps {
  toast: Toast
  /** What had the focus before the toasts. */
  returnTo: RefObject<HTMLElement | null>
  renderToast: ((toast: Toast) => ReactNode) | undefined
}

/** One toast. Escape in it dismisses it. */
export function ToastRow({ toast, returnTo, renderToast }: ToastRowProps) {
  const center = usePart(toastCenterOf)
  const element = useElements()
  const row = useRef<HTMLLIElement>(null)
  /** A key moves on to the next toast, so that they can be gone through; a mouse leaves it to the others to end. */
  const passFocus = (isKey: boolean) => {
    const { current } = row
    if (!current?.contains(document.activeElement)) return
    const next = current.nextElementSibling ?? current.previousElementSibling
    if (isKey && next instanceof HTMLElement) next.focus()
    else returnTo.current?.focus()
  }
  return (
    <li
      ref={row}
      data-belfry-toast=""
      {...element('toast')}
      data-tone={toast.tone}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: each toast is a stop, so that Escape has one to dismiss (ui.md §5).
      tabIndex={0}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        // What lies below stays open.
        event.preventDefault()
        event.stopPropagation()
        passFocus(true)
        center.dismiss(toast.id)
      }}
    >
      {renderToast ? renderToast(toast) : <ToastContent toast={toast} passFocus={passFocus} />}
    </li>
  )
}

interface ToastContentProps extends Pick<ToastRowProps, 'toast'> {
  passFocus(isKey: boolean): void
}

function ToastContent({ toast, passFocus }: ToastContentProps) {
  const kit = useKit()
  const strings = useStrings()
  const element = useElements()
  const center = usePart(toastCenterOf)
  const { id, title, message, tone, action, item } = toast
  return (
    <>
      <div data-belfry-toast-text="" {...element('words')}>
        {tone === 'urgent' && <span data-belfry-toast-tone="">{strings.urgent}</span>}
        {item ? (
          <button
            type="button"
            data-belfry-toast-title=""
            {...element('title')}
            dir="auto"
            onClick={({ detail }) => {
              passFocus(detail === 0)
              center.dismiss(id)
              openItem(kit, item)
            }}
          >
            {title}
          </button>
        ) : (
          <p data-belfry-toast-title="" {...element('title')} dir="auto">
            {title}
          </p>
        )}
        {message && (
          <p data-belfry-toast-message="" {...element('message')} dir="auto">
            {message}
          </p>
        )}
      </div>
      {action && (
        <button
          type="button"
          data-belfry-toast-action=""
          {...element('action')}
          onClick={({ detail }) => {
            passFocus(detail === 0)
            center.runAction(id)
          }}
        >
          {action.label}
        </button>
      )}
      <button
        type="button"
        data-belfry-toast-close=""
        {...element('close')}
        aria-label={strings.dismissToast}
        onClick={({ detail }) => {
          passFocus(detail === 0)
          center.dismiss(id)
        }}
      >
        <PanelIcon name="close" />
      </button>
    </>
  )
}
