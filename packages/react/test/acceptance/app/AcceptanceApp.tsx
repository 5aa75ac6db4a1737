import {
  BelfryProvider,
  ConnectionIndicator,
  type GroupBy,
  NotificationPanel,
  NotificationSystem,
  type Strings,
  type UseBrowserNotifications,
  useAuth,
  useBrowserNotifications,
  useNotificationFilter,
  useNotifications,
  useTabLeader,
} from '@belfry/react'
import { type FormEvent, lazy, Suspense, useEffect, useState } from 'react'
import type { UseAuth } from '../../../src/auth/useAuth.ts'
import type { ChatStrings } from '../../../src/chat/strings.ts'
import { type Kit, useKit } from '../../../src/kit/KitContext.ts'
import type { PageQuery } from '../../gallery/page.ts'
import { ChatPage } from './ChatPage.tsx'

interface AcceptanceAppProps {
  query: PageQuery
  /** More of the address, by the names of the props that they set. */
  options: URLSearchParams
  strings: Partial<Strings>
  chatStrings?: Partial<ChatStrings>
}

/** Not before it is asked for: it adds a style element when it loads, which the policy refuses. */
const SonnerSystem = lazy(() => import('./SonnerSystem.tsx'))

const TYPES = { zyx: { label: 'Zed', color: 'rgb(1, 2, 3)' } }

const push = (path: string) => history.pushState(null, '', path)

/** The kit as an app mounts it: with the app's own token, or with a form to sign in. */
export function AcceptanceApp({ query, options, strings, chatStrings = {} }: AcceptanceAppProps) {
  const { url, token, lang, dir } = query
  return (
    <BelfryProvider
      url={url}
      {...(token === undefined ? {} : { getToken: () => token })}
      strings={strings}
      locale={lang}
      {...(dir === undefined ? {} : { dir })}
      isolate={options.has('isolate')}
      {...(options.has('pageSize') ? { pageSize: Number(options.get('pageSize')) } : {})}
      cache={options.get('cache') === 'none' ? 'none' : 'local'}
      routerPush={push}
    >
      <Handle />
      <header>
        <h1>App</h1>
        {options.get('toaster') === 'sonner' ? (
          <Suspense>
            <SonnerSystem />
          </Suspense>
        ) : (
          <NotificationSystem
            {...panelOptions(options)}
            portal={options.has('portal') ? document.body : undefined}
            {...(options.has('types') ? { types: TYPES } : {})}
          />
        )}
        {token === undefined && <SignIn />}
      </header>
      {options.get('page') === 'inbox' && <InboxPage options={options} />}
      {options.get('page') === 'chat' && <ChatPage options={options} strings={chatStrings} />}
    </BelfryProvider>
  )
}

const GROUPINGS: readonly GroupBy[] = ['none', 'date', 'type', 'group']

function panelOptions(options: URLSearchParams) {
  return {
    semantics: options.get('semantics') === 'list' ? 'list' : 'feed',
    seenOn: options.get('seenOn') === 'open' ? 'open' : 'visible',
    shortcuts: options.get('shortcuts') !== 'off',
    groupBy: GROUPINGS.find((name) => name === options.get('groupBy')) ?? 'date',
  } as const
}

/** In the page, as `app`: what a test asks it about, where the screen does not say it. */
export interface AppHandle {
  kit: Kit
  auth: UseAuth
  isLeader: boolean
  browser: UseBrowserNotifications
}

function Handle() {
  const kit = useKit()
  const auth = useAuth()
  const { isLeader } = useTabLeader()
  const browser = useBrowserNotifications()
  useEffect(() => {
    const app: AppHandle = { kit, auth, isLeader, browser }
    Object.assign(window, { app })
  }, [kit, auth, isLeader, browser])
  return null
}

function InboxPage({ options }: { options: URLSearchParams }) {
  const { filter, setFilter } = useNotificationFilter({ sync: 'url' })
  const list = useNotifications({ filter })
  return (
    <main>
      <ConnectionIndicator variant="banner" />
      <NotificationPanel list={{ ...list, setFilter }} search {...panelOptions(options)} />
    </main>
  )
}

function SignIn() {
  const { user, status, login, logout } = useAuth()
  const [refusal, setRefusal] = useState<string>()
  if (status === 'loading') return null
  if (user) {
    return (
      <button type="button" onClick={() => void logout()}>
        {`Sign out ${user.email}`}
      </button>
    )
  }
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    const { message } = await login(String(data.get('email')), String(data.get('password')))
    setRefusal(message)
  }
  return (
    <form onSubmit={submit}>
      <input name="email" type="email" aria-label="Email" />
      <input name="password" type="password" aria-label="Password" />
      <button type="submit">Sign in</button>
      {refusal && <p role="alert">{refusal}</p>}
    </form>
  )
}
