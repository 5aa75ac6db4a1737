import {
  NotificationPanel,
  NotificationPermissionPrompt,
  RealTimeNotifications,
  Toaster,
  useNotificationFilter,
  useNotifications,
} from '@belfry/react'
import { Settings2 } from 'lucide-react'
import { useState } from 'react'
import { useLook } from './look.ts'
import { PreferencesDrawer } from './preferences-drawer.tsx'

/** The full-page list, with everything that lets new ones be noticed. */
export function Inbox() {
  const { strings, language } = useLook()
  const { filter, setFilter } = useNotificationFilter({ sync: 'url' })
  const list = useNotifications({ filter })
  const [hasPreferences, setPreferences] = useState(false)
  return (
    <main className="inbox-page" lang={language}>
      <h1 className="visually-hidden">{strings.notifications}</h1>
      <div className="card inbox-card">
        <NotificationPanel
          list={{ ...list, setFilter }}
          search
          tools={
            <button
              type="button"
              className="icon-button"
              aria-label={strings.preferences}
              aria-haspopup="dialog"
              title={strings.preferences}
              onClick={() => setPreferences(true)}
            >
              <Settings2 size={18} aria-hidden="true" />
            </button>
          }
        >
          <NotificationPermissionPrompt />
        </NotificationPanel>
      </div>
      {hasPreferences && <PreferencesDrawer onClose={() => setPreferences(false)} />}
      <RealTimeNotifications favicon="/favicon-unread.svg" />
      <Toaster />
    </main>
  )
}
