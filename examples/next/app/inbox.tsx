'use client'

import { BelfryProvider, NotificationSystem, useAuth } from '@belfry/react'
import { useRouter } from 'next/navigation'
import { signOut } from './actions.ts'

async function getToken(): Promise<string | null> {
  const reply = await fetch('/token')
  if (reply.status === 401) return null
  if (!reply.ok) throw new Error('no token just now')
  return reply.text()
}

/** The bell of whoever is signed in. */
export function Inbox({ user }: { user: string }) {
  const { push } = useRouter()
  return (
    <BelfryProvider getToken={getToken} routerPush={push} onSignedOut={signOut}>
      <NotificationSystem />
      <SignOut user={user} />
    </BelfryProvider>
  )
}

/** Ends it in all tabs, each of which then ends the session of the app. */
function SignOut({ user }: { user: string }) {
  const { logout } = useAuth()
  return (
    <button type="button" onClick={logout}>
      Sign out {user}
    </button>
  )
}
