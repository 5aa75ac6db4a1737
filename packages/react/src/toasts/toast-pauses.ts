import type { PauseReason, ToastCenter } from './toast-center.ts'

export type WatchedReason = Exclude<PauseReason, 'app'>

/** Source: ui.md §4, Toaster. */
export const WATCHED_REASONS: readonly WatchedReason[] = ['hover', 'focus', 'hidden', 'blur']

interface Watched {
  /** Where the toasts are; undefined or null while there are none. */
  region(): Element | null | undefined
  reasons: readonly WatchedReason[]
}

/** Stops the clocks while somebody reads or nobody can. Answers what ends that. */
export function watchPauses(center: ToastCenter, { region, reasons }: Watched): () => void {
  const controller = new AbortController()
  const { signal } = controller
  const hold = (reason: WatchedReason, isHeld: boolean) =>
    isHeld && reasons.includes(reason) ? center.pauseAll(reason) : center.resumeAll(reason)
  const isInside = (target: EventTarget | null) => target instanceof Node && !!region()?.contains(target)
  const checkPage = () => {
    hold('hidden', document.hidden)
    // Not the event alone: a frame of this page that takes the focus blurs the window too.
    hold('blur', !document.hasFocus())
  }
  checkPage()
  document.addEventListener('visibilitychange', checkPage, { signal })
  window.addEventListener('blur', checkPage, { signal })
  window.addEventListener('focus', checkPage, { signal })
  document.addEventListener('pointerover', (event) => hold('hover', isInside(event.target)), { signal })
  // Out of the window, or a finger that is lifted: no other element is entered.
  document.addEventListener('pointerout', (event) => event.relatedTarget ?? hold('hover', false), { signal })
  document.addEventListener('focusin', (event) => hold('focus', isInside(event.target)), { signal })
  document.addEventListener('focusout', (event) => event.relatedTarget ?? hold('focus', false), { signal })
  const unsubscribe = center.subscribe(() => {
    if (center.getSnapshot().length > 0) return
    // What is removed under the pointer or with the focus is never left.
    hold('hover', false)
    hold('focus', false)
  })
  return () => {
    controller.abort()
    unsubscribe()
    for (const reason of reasons) center.resumeAll(reason)
  }
}
