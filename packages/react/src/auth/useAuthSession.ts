import { useEffect, useMemo, useRef } from 'react'
import { AuthSession, type AuthSessionOptions } from './auth-session.ts'

type SessionOptions = Pick<AuthSessionOptions, 'baseUrl' | 'storage' | 'initialToken' | 'getToken'>

/** A session that lives as long as the component; `isUsed: false` lets it rest. */
export function useAuthSession(options: SessionOptions, isUsed = true): AuthSession {
  const { baseUrl, storage, getToken } = options
  const latest = useRef(options)
  const hasLogin = getToken !== undefined
  // An app writes its own store in place as often as not: a new object is no reason for a new session.
  const kind = typeof storage === 'object' ? 'own' : storage
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is not listed is read once, or through `latest`
  const session = useMemo(
    () =>
      new AuthSession({
        ...options,
        ...(hasLogin ? { getToken: (reason) => latest.current.getToken?.(reason) } : {}),
      }),
    [baseUrl, kind, hasLogin],
  )
  // biome-ignore lint/correctness/useExhaustiveDependencies: another function may know another user
  useEffect(() => {
    latest.current = options
    // Before the start, which comes next, this does nothing.
    void session.check()
  }, [session, getToken])
  useEffect(() => (isUsed ? session.start() : undefined), [session, isUsed])
  return session
}
