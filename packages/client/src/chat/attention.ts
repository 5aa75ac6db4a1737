/** Whether somebody sits before this page. */
export interface Attention {
  /** The document is visible and its window has the focus. */
  isFocused(): boolean
  /** Calls when that may have changed. */
  watchFocus(listener: () => void): () => void
  /** Calls for every key, click, touch and move. */
  watchInput(listener: () => void): () => void
}

const INPUTS = ['keydown', 'pointerdown', 'pointermove', 'wheel', 'touchstart']

/** A browser's page; without one, as in Node, nobody looks. */
export function pageAttention(): Attention {
  if (typeof window === 'undefined') {
    return { isFocused: () => false, watchFocus: () => () => undefined, watchInput: () => () => undefined }
  }
  const listen = (targets: readonly [EventTarget, readonly string[]][], listener: () => void) => {
    const controller = new AbortController()
    const options = { signal: controller.signal, passive: true, capture: true }
    for (const [target, names] of targets) {
      for (const name of names) target.addEventListener(name, listener, options)
    }
    return () => controller.abort()
  }
  return {
    isFocused: () => !document.hidden && document.hasFocus(),
    watchFocus: (listener) =>
      listen(
        [
          [window, ['focus', 'blur', 'pageshow', 'pagehide']],
          [document, ['visibilitychange']],
        ],
        listener,
      ),
    watchInput: (listener) => listen([[window, INPUTS]], listener),
  }
}
