import { useState } from 'react'
import { NotificationSystem } from '../../src/bell/NotificationSystem.tsx'
import { BelfryProvider } from '../../src/kit/BelfryProvider.tsx'
import type { Strings } from '../../src/kit/strings.ts'
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
        <NotificationSystem />
      </header>
    </BelfryProvider>
  )
}
