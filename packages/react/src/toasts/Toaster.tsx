import type { ReactNode } from 'react'
import { latePart, type PartProps } from '../ui/part.ts'
import type { ToastAdapter } from './toast-adapter.ts'
import type { Toast } from './toast-center.ts'
import type { WatchedReason } from './toast-pauses.ts'

export interface ToasterProps extends PartProps {
  position?: `${'top' | 'bottom'}-${'start' | 'center' | 'end'}`
  /** Shown at the same time; the others wait. */
  limit?: number
  /** Milliseconds. */
  duration?: number
  /** Key that moves the focus to the toasts; `false` installs no handler. */
  hotkey?: string | false
  /** What a toast contains, instead of title, message and buttons. */
  renderToast?: ((toast: Toast) => ReactNode) | undefined
  /** What stops the clocks. */
  pauseWhen?: readonly WatchedReason[]
  /** Draws the toasts instead of this component. */
  adapter?: ToastAdapter | undefined
}

/** The toasts of a provider, above everything else on the page. Mount one per page. */
export const Toaster = latePart('toaster', () =>
  import('./ToasterBody.tsx').then(({ ToasterBody }) => ToasterBody),
)
