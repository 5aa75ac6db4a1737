/**
 * Runs alone in the browser, or rejects when that is not possible in time. Plain http and old browsers have no locks:
 * there it runs at once.
 */
export function alone<T>(name: string, withinMs: number, run: () => Promise<T>): Promise<T> {
  const locks = typeof navigator === 'undefined' ? undefined : navigator.locks
  return locks ? locks.request(name, { signal: AbortSignal.timeout(withinMs) }, run) : run()
}
