import { useAuth } from '@belfry/react'
import { type FormEvent, useState } from 'react'

/** Signs in, or makes an account first. */
export function SignInForm() {
  const { login, register, error } = useAuth()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [isNew, setNew] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    // What comes of it, the session tells.
    await (isNew ? register(email, password) : login(email, password))
    setBusy(false)
  }
  const verb = isNew ? 'Create account' : 'Sign in'
  return (
    <form className="card sign-in" onSubmit={(event) => void submit(event)}>
      <h1>{isNew ? 'Create an account' : 'Sign in to your inbox'}</h1>
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
          autoComplete={isNew ? 'new-password' : 'current-password'}
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </label>
      {error && !isBusy && (
        <p className="problem" role="alert">
          {error.message}
        </p>
      )}
      <button type="submit" className="button primary" disabled={isBusy}>
        {isBusy ? 'One moment…' : verb}
      </button>
      <button type="button" className="button quiet-button small" onClick={() => setNew(!isNew)}>
        {isNew ? 'I have an account' : 'I have no account yet'}
      </button>
    </form>
  )
}
