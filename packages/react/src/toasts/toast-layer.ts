/** Where toasts have to be so that nothing covers them and they can be clicked. A new object means: raise them again. */
export interface ToastLayer {
  host: Element
}

/**
 * A modal dialog covers what was there before and makes everything outside of it dead, the top layer included.
 * So the toasts move into the dialog that was opened last, and out again when it goes.
 */
export function watchLayer(onChange: (layer: ToastLayer) => void): () => void {
  let opened = [...document.querySelectorAll('dialog')].filter(isModal)
  let host: Element = opened.at(-1) ?? document.body
  onChange({ host })
  const observer = new MutationObserver((records) => {
    const changed = records.flatMap(({ type, target }) =>
      type === 'attributes' && target instanceof HTMLDialogElement ? [target] : [],
    )
    // Most changes of a page have nothing to do with dialogs.
    if (changed.length === 0 && host.isConnected) return
    opened = [...opened.filter((dialog) => !changed.includes(dialog)), ...changed].filter(isModal)
    host = opened.at(-1) ?? document.body
    onChange({ host })
  })
  observer.observe(document, { attributes: true, attributeFilter: ['open'], childList: true, subtree: true })
  return () => observer.disconnect()
}

const isModal = (dialog: HTMLDialogElement): boolean => dialog.isConnected && dialog.matches(':modal')

/** Brings a popover to the top of the top layer. Older browsers without popovers show it where styles put it. */
export function raise(popover: HTMLElement): void {
  if (typeof popover.showPopover !== 'function') return
  if (popover.matches(':popover-open')) popover.hidePopover()
  popover.showPopover()
}
