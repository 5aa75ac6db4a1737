'use client'

import { useActionState } from 'react'
import { signIn } from '../actions.ts'

export default function Page() {
  const [problem, action, isPending] = useActionState(signIn, '')
  return (
    <form action={action}>
      <h1>Sign in</h1>
      <p>ada, analytical · grace, nanosecond</p>
      <label>
        Name
        <input name="user" autoComplete="username" required />
      </label>
      <label>
        Password
        <input name="password" type="password" autoComplete="current-password" required />
      </label>
      <button type="submit" disabled={isPending}>
        Sign in
      </button>
      <p role="alert">{problem}</p>
    </form>
  )
}
