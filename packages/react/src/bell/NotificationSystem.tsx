import { NotificationPermissionPrompt } from '../attention/NotificationPermissionPrompt.tsx'
import { SoundToggle } from '../attention/SoundToggle.tsx'
import { RealTimeNotifications } from '../kit/RealTimeNotifications.tsx'
import { Toaster } from '../toasts/Toaster.tsx'
import { given } from '../ui/part.ts'
import type { BellPanelProps } from './BellPanel.tsx'
import { NotificationBell, type NotificationBellProps } from './NotificationBell.tsx'

type OfPanel = Pick<
  BellPanelProps,
  | 'filters'
  | 'groupBy'
  | 'seenOn'
  | 'actions'
  | 'shortcuts'
  | 'semantics'
  | 'renderItem'
  | 'renderEmpty'
  | 'onItemClick'
  | 'height'
  | 'markReadOnClick'
>

export interface NotificationSystemProps extends Omit<NotificationBellProps, 'panel' | 'children'>, OfPanel {
  toasts?: boolean
  /** `auto`: as the reader has chosen, with a switch in the panel. */
  sound?: 'auto' | 'off'
  /** `ask`: offers notifications of the browser after the first opened one. */
  browser?: 'ask' | 'off'
}

/**
 * Bell, panel, toasts, sound and notifications of the browser: all of it, once per page.
 * @example
 * import { BelfryProvider, NotificationSystem } from '@belfry/react'
 * import '@belfry/react/styles.css'
 * export const App = ({ token }: { token: string }) => (
 *   <BelfryProvider url="http://localhost:4000" getToken={() => token}>
 *     <NotificationSystem />
 *   </BelfryProvider>
 * )
 */
export function NotificationSystem(props: NotificationSystemProps) {
  const { toasts = true, sound = 'auto', browser = 'ask', ...others } = props
  const {
    filters,
    groupBy,
    seenOn,
    actions,
    shortcuts,
    semantics,
    renderItem,
    renderEmpty,
    onItemClick,
    height,
    markReadOnClick,
    ...bell
  } = others
  const panel = given({
    filters,
    groupBy,
    seenOn,
    actions,
    shortcuts,
    semantics,
    renderItem,
    renderEmpty,
    onItemClick,
    height,
    markReadOnClick,
  })
  return (
    <>
      <NotificationBell
        {...bell}
        panel={{
          ...panel,
          tools: sound === 'auto' && <SoundToggle />,
          children: browser === 'ask' && <NotificationPermissionPrompt />,
        }}
      />
      <RealTimeNotifications toast={toasts} sound={sound !== 'off'} browser={browser !== 'off'} />
      {toasts && <Toaster />}
    </>
  )
}
