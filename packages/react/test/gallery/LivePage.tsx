import { useState } from 'react'
import { NotificationPermissionPrompt } from '../../src/attention/NotificationPermissionPrompt.tsx'
import { NotificationBell } from '../../src/bell/NotificationBell.tsx'
import { BelfryProvider } from '../../src/kit/BelfryProvider.tsx'
import type { Strings } from '../../src/kit/strings.ts'
import { Toaster } from '../../src/toasts/Toaster.tsx'
import type { PageQuery } from './page.ts'

interface LivePageProps {
  query: PageQuery & { url: string }
  strings: Partial<Strings>
}

/** The kit against a real server, as an app mounts it. */
export function LivePage({ query, strings }: LivePageProps) {
  const { url, token, user, lang, dir } = query
  const [auth] = useState(() => (user === undefined ? { getToken: () => token } : { userId: user }))
  return (
    <BelfryProvider {...auth} url={url} strings={strings} locale={lang} {...(dir ? { dir } : {})}>
      <header>
        <h1>App</h1>
        <NotificationBell globalShortcut panel={{ children: <NotificationPermissionPrompt /> }} />
      </header>
      <Toaster />
    </BelfryProvider>
  )
}
