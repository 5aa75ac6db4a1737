import { FakeClock, settled } from '@belfry/testkit/client'
import { expect, onTestFinished } from 'vitest'
import { AuthSession, type AuthSessionOptions } from '../src/auth/auth-session.ts'
import { FakeAccounts, fakeStorage, userOf } from './fake-accounts.ts'

/** Accounts, a storage and time, for as many tabs as a test wants. */
export function world() {
  const clock = new FakeClock()
  // Registered first, it comes last: by then all tabs have stopped.
  onTestFinished(() => expect(clock.size).toBe(0))
  return { clock, accounts: new FakeAccounts(() => clock.now()), storage: fakeStorage() }
}
export type World = ReturnType<typeof world>

/** A session as one tab has it. */
export async function tab({ clock, accounts, storage }: World, options: AuthSessionOptions = {}) {
  const session = new AuthSession({
    baseUrl: 'http://belfry.test/',
    storage: storage.tab(),
    fetch: accounts.fetch,
    clock,
    ...options,
  })
  const stop = session.start()
  onTestFinished(stop)
  await settled()
  return session
}

export async function signedIn(all: World, id = 'ada', options: AuthSessionOptions = {}) {
  const session = await tab(all, options)
  const token = all.accounts.token(id)
  all.accounts.reply('login', { body: { token, user: userOf(id) } })
  all.accounts.reply('me', { body: { user: userOf(id) } })
  await session.login(`${id}@example.test`, 'a-good-password')
  await settled()
  return { session, token }
}
