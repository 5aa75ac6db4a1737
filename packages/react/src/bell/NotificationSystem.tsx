import { useMemo } from 'react'
import { NotificationPermissionPrompt } from '../attention/NotificationPermissionPrompt.tsx'
import { SoundToggle } from '../attention/SoundToggle.tsx'
import { KitContext, useKit } from '../kit/KitContext.ts'
import { RealTimeNotifications } from '../kit/RealTimeNotifications.tsx'
import { lookIn, type TypeLooks } from '../kit/type-looks.ts'
import { Toaster } from '../toasts/Toaster.tsx'
import { part } from '../ui/part.ts'
import { NotificationBell, type NotificationBellProps } from './NotificationBell.tsx'

type PanelProps = NonNullable<NotificationBellProps['panel']>

/** The props of the bell, and those of its panel beside them. */
export interface NotificationSystemProps
  extends Omit<NotificationBellProps, 'panel' | 'children'>,
    Omit<PanelProps, keyof NotificationBellProps | 'tools'> {
  /** Label, icon, colour and sound by type or category, before the provider's. The same object while it says the same. */
  types?: TypeLooks
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
  const { types, toasts = true, sound = 'auto', browser = 'ask', className, style, ...others } = props
  const outer = useKit()
  const kit = useMemo(
    () => (types ? { ...outer, lookOf: (type: string) => lookIn(types, type) ?? outer.lookOf(type) } : outer),
    [outer, types],
  )
  return (
    <KitContext.Provider value={kit}>
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
    </KitContext.Provider>
  )
})
