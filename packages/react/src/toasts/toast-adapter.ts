import type { Toast, ToastCenter } from './toast-center.ts'

/** A toast for a renderer that is not ours. It shows it until `dismiss`, however long that takes. */
export interface AdaptedToast extends Toast {
  /** Its button was pressed. */
  onAction(): void
  /** Somebody closed it there. */
  onDismiss(): void
}

/** What it takes to show toasts with another library. Ours decides which are shown, and when they end. */
export interface ToastAdapter {
  show(toast: AdaptedToast): void
  update(id: string, toast: AdaptedToast): void
  dismiss(id: string): void
  /** Where the toasts are on the page: the clocks stand while the pointer or the focus is there. */
  region?(): Element | null
}

/** Repeats what is shown through an adapter, until the returned function is called. */
export function mirrorToasts(center: ToastCenter, adapter: ToastAdapter): () => void {
  let mirrored: readonly Toast[] = []
  const adapt = (toast: Toast): AdaptedToast => ({
    ...toast,
    onAction: () => center.runAction(toast.id),
    onDismiss: () => center.dismiss(toast.id),
  })
  const mirror = (shown: readonly Toast[]) => {
    const before = mirrored
    mirrored = shown
    const find = (toasts: readonly Toast[], id: string) => toasts.find((toast) => toast.id === id)
    for (const { id } of before) if (!find(shown, id)) adapter.dismiss(id)
    for (const toast of shown) {
      const known = find(before, toast.id)
      if (!known) adapter.show(adapt(toast))
      else if (known !== toast) adapter.update(toast.id, adapt(toast))
    }
  }
  mirror(center.getSnapshot())
  const unsubscribe = center.subscribe(() => mirror(center.getSnapshot()))
  return () => {
    unsubscribe()
    mirror([])
  }
}
