import { BelfryProvider, ConnectionIndicator, useAuth } from '@belfry/react'
import { LogOut } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import { Link, useLocation, useSearch } from 'wouter'
import { openSample } from './api.ts'
import { useKitWords } from './kit-words.ts'
import { labelOf } from './person.ts'
import { SampleLogin } from './sample-login.ts'
import { SignInForm } from './sign-in-form.tsx'
import { joinTabs } from './tab-circle.ts'
import { TopBar } from './top-bar.tsx'

/** A page of whoever signs in, or with `?as=ada` of that sample person, in this tab alone. */
export function PersonPage({ children }: { children: ReactNode }) {
  const as = new URLSearchParams(useSearch()).get('as') ?? undefined
  const [login] = useState(() => (as === undefined ? undefined : new SampleLogin(() => openSample(as))))
  const [, navigate] = useLocation()
  useEffect(() => joinTabs(() => undefined), [])
  return (
    <BelfryProvider {...(login ? { getToken: login.getToken } : {})} routerPush={navigate} {...useKitWords()}>
      <Person as={as}>{children}</Person>
    </BelfryProvider>
  )
}

function Person({ as, children }: { as: string | undefined; children: ReactNode }) {
  const { status, user } = useAuth()
  const name = as === undefined ? (user?.email ?? '') : labelOf(as)
  if (status === 'signedIn')
    return (
      <SignedIn name={name} isSample={as !== undefined}>
        {children}
      </SignedIn>
    )
  return (
    <>
      <TopBar />
      <main className="centred">
        {status === 'loading' && (
          <p className="quiet" role="status">
            Loading…
          </p>
        )}
        {status === 'signedOut' && (as === undefined ? <SignInForm /> : <SampleGone name={name} />)}
      </main>
    </>
  )
}

function SignedIn({ name, isSample, children }: { name: string; isSample: boolean; children: ReactNode }) {
  const { logout } = useAuth()
  return (
    <>
      <TopBar isPlayground={isSample}>
        <Places />
        <ConnectionIndicator variant="chip" always delayMs={0} />
        <p className="signed-in">
          <span className="avatar small" data-person={name.toLowerCase()} aria-hidden="true">
            {name.charAt(0).toUpperCase()}
          </span>
          <span className="signed-in-name" title={name}>
            {name}
          </span>
        </p>
        <button type="button" className="button quiet-button small" onClick={() => void logout()}>
          <LogOut size={14} aria-hidden="true" className="mirrored" />
          Sign out
        </button>
      </TopBar>
      {children}
    </>
  )
}

const PLACES = [
  { path: '/inbox', label: 'Inbox' },
  { path: '/chat', label: 'Chat' },
] as const

function Places() {
  const [path] = useLocation()
  const as = new URLSearchParams(useSearch()).get('as')
  const query = as === null ? '' : `?as=${encodeURIComponent(as)}`
  return (
    <nav className="places" aria-label="Pages">
      {PLACES.map((place) => (
        <Link
          key={place.path}
          href={place.path + query}
          aria-current={path === place.path ? 'page' : undefined}
        >
          {place.label}
        </Link>
      ))}
    </nav>
  )
}

/** Signed out by hand, or the server has no sample people. */
function SampleGone({ name }: { name: string }) {
  const { error } = useAuth()
  return (
    <div className="card notice">
      <h1>{name} is not signed in</h1>
      {error && (
        <p className="problem" role="alert">
          {error.message}
        </p>
      )}
      <button type="button" className="button primary" onClick={() => location.reload()}>
        Sign in as {name}
      </button>
      <a href="/inbox">Sign in with an account of your own</a>
    </div>
  )
}
