import { useSyncExternalStore } from 'react'
import { usePart } from '../kit/KitContext.ts'
import { type Toast, type ToastCenter, toastCenterOf } from './toast-center.ts'

const NONE: readonly Toast[] = []
const serverSnapshot = () => NONE

/** Those that a center shows. */
export function useShownToasts(center: ToastCenter): readonly Toast[] {
  return useSyncExternalStore(center.subscribe, center.getSnapshot, serverSnapshot)
}

/** The toasts on the page, and ways to change them. */
export interface ToastControls extends Pick<ToastCenter, 'show' | 'update' | 'dismiss'> {
  toasts: readonly Toast[]
  pauseAll(): void
  resumeAll(): void
}

/**
 * Shows and ends toasts from anywhere below the provider.
 * @example
 * import { useToast } from '@belfry/react'
 * export function Save() {
 *   const { show } = useToast()
 *   return <button type="button" onClick={() => show({ title: 'Saved' })}>Save</button>
 * }
 */
export function useToast(): ToastControls {
  const center = usePart(toastCenterOf)
  return {
    toasts: useShownToasts(center),
    show: center.show,
    update: center.update,
    dismiss: center.dismiss,
    pauseAll: () => center.pauseAll(),
    resumeAll: () => center.resumeAll(),
  }
}
