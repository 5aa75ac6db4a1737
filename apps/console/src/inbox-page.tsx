import { type FormEvent, useState } from 'react'
import type { Announcements } from './announcements.ts'
import { Announcer } from './announcer.tsx'
import { logIn } from './api.ts'
import { useStore } from './hooks.ts'
import { Pane } from './pane.tsx'
import type { Person } from './person.ts'
import { TopBar } from './top-bar.tsx'

interface InboxPageProps {
  person: Person
  announcements: Announcements
}

export function InboxPage({ person, announcements }: InboxPageProps) {
  const { session } = useStore(person.store)
  return (
    <>
      <TopBar />
      <main className="centred">
        {session ? (
          <div className="lone-pane">
            <h1 className="visually-hidden">Inbox</h1>
            <Pane person={person} />
          </div>
        ) : (
          <SignInForm person={person} />
        )}
      </main>
      <Announcer announcements={announcements} />
    </>
  )
}

function SignInForm({ person }: { person: Person }) {
  const { isSigningIn, problem } = useStore(person.store)
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void person.signIn(() => logIn(email, password))
  }
  return (
    <form className="card sign-in" onSubmit={submit}>
      <h1>Sign in</h1>
      <label className="field">
        <span>E-mail</span>
        <input
          type="email"
          autoComplete="username"
          required
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
      </label>
      <label className="field">
        <span>Password</span>
        <input
          type="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </label>
      {problem && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      <button type="submit" className="button primary" disabled={isSigningIn}>
        {isSigningIn ? 'Signing in…' : 'Sign in'}
      </button>
    </form>
  )
}
