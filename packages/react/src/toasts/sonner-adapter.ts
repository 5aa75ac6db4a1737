import type { toast as sonnerToast } from 'sonner'
import type { AdaptedToast, ToastAdapter } from './toast-adapter.ts'

/**
 * Toasts drawn by sonner. It is passed in, not imported: it adds a style element when it loads, which a page with a
 * strict policy refuses. Such a page carries sonner's rules in a file of its own.
 * @param toast sonner's `toast`; its `Toaster` has to be on the page
 */
export function sonnerAdapter(toast: typeof sonnerToast): ToastAdapter {
  const show = (shown: AdaptedToast) => {
    silence()
    const draw = shown.tone === 'plain' ? toast : toast.error
    draw(shown.title, {
      id: shown.id,
      description: shown.message,
      duration: Number.POSITIVE_INFINITY,
      onDismiss: shown.onDismiss,
      // Named even without one: sonner keeps what an update leaves out.
      action: shown.action && { label: shown.action.label, onClick: shown.onAction },
    })
  }
  return {
    show,
    update: (_id, shown) => show(shown),
    dismiss: (id) => void toast.dismiss(id),
    region: () => document.querySelector('[data-sonner-toaster]'),
  }
}

/** The Announcer speaks; sonner's own region would say the same again. It is there before its first toast. */
function silence(): void {
  for (const section of document.querySelectorAll('section[data-react-aria-top-layer]')) {
    section.setAttribute('aria-live', 'off')
  }
}
