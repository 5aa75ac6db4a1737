import { useState } from 'react'
import { NotificationBell } from '../../src/bell/NotificationBell.tsx'
import { NotificationProvider } from '../../src/kit/NotificationProvider.tsx'
import type { Strings } from '../../src/kit/strings.ts'
import { SocketProvider } from '../../src/socket/SocketProvider.tsx'
import { Toaster } from '../../src/toasts/Toaster.tsx'
import type { PageQuery } from './page.ts'

interface LivePageProps {
  query: PageQuery & { url: string }
  strings: Partial<Strings>
}

/** The kit against a real server, as an app mounts it. */
export function LivePage({ query, strings }: LivePageProps) {
  const { url, token, user, lang, dir } = query
  const [auth] = useState(() => ({ token, userId: user }))
  return (
    <SocketProvider url={url} auth={auth}>
      <NotificationProvider strings={strings} locale={lang} {...(dir ? { dir } : {})}>
        <header>
          <h1>App</h1>
          <NotificationBell globalShortcut />
        </header>
        <Toaster />
      </NotificationProvider>
    </SocketProvider>
  )
}
