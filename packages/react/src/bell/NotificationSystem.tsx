import { NotificationPermissionPrompt } from '../attention/NotificationPermissionPrompt.tsx'
import { SoundToggle } from '../attention/SoundToggle.tsx'
import { RealTimeNotifications } from '../kit/RealTimeNotifications.tsx'
import { Toaster } from '../toasts/Toaster.tsx'
import { part } from '../ui/part.ts'
import { NotificationBell, type NotificationBellProps } from './NotificationBell.tsx'

type PanelProps = NonNullable<NotificationBellProps['panel']>

/** The props of the bell, and those of its panel beside them. */
export interface NotificationSystemProps
  extends Omit<NotificationBellProps, 'panel' | 'children'>,
    Omit<PanelProps, keyof NotificationBellProps | 'tools'> {
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
export const NotificationSystem = part('system', function NotificationSystem(props: NotificationSystemProps) {
  const { toasts = true, sound = 'auto', browser = 'ask', className, style, ...others } = props
  return (
    <>
      <NotificationBell
        {...others}
        className={className}
        style={style}
        // It takes no prop of the bell but the strings, which are for both.
        panel={{
          ...others,
          tools: sound === 'auto' && <SoundToggle />,
          children: browser === 'ask' && <NotificationPermissionPrompt />,
        }}
      />
      <RealTimeNotifications toast={toasts} sound={sound !== 'off'} browser={browser !== 'off'} />
      {toasts && <Toaster />}
    </>
  )
})
