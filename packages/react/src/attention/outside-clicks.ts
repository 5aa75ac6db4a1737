/** What was clicked: the worker has checked the link. */
export interface OpenedFromOutside {
  readonly id: string | undefined
  readonly url: string | undefined
}

const text = (value: unknown) => (typeof value === 'string' ? value : undefined)

/** What a message of the worker says was clicked; undefined for messages of others. */
export function openedBy(message: unknown): OpenedFromOutside | undefined {
  const { type, id, url } = (message ?? {}) as Record<string, unknown>
  return type === 'belfry:open' ? { id: text(id), url: text(url) } : undefined
}

/** Calls when somebody has clicked a notification of the operating system, which has brought this tab to the front. */
export function watchOutsideClicks(listener: (opened: OpenedFromOutside) => void): () => void {
  const { serviceWorker } = navigator as { serviceWorker?: ServiceWorkerContainer }
  const hear = ({ data }: MessageEvent) => {
    const opened = openedBy(data)
    if (opened) listener(opened)
  }
  serviceWorker?.addEventListener('message', hear)
  return () => serviceWorker?.removeEventListener('message', hear)
}
