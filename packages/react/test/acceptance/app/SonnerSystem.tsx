import { NotificationBell, RealTimeNotifications, sonnerAdapter, Toaster } from '@belfry/react'
import { Toaster as Sonner, toast } from 'sonner'

const adapter = sonnerAdapter(toast)

/** For an app that has sonner already. */
export default function SonnerSystem() {
  return (
    <>
      <NotificationBell />
      <RealTimeNotifications />
      <Toaster adapter={adapter} />
      <Sonner />
    </>
  )
}
