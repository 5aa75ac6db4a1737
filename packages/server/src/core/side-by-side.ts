/** As many chains of statements are under way at once. */
const AT_ONCE = 50

/**
 * Does the same for many, some at a time, so that a store behind a wire is not asked one by one. All that has begun is
 * finished before a failure is thrown: no statement runs on when its transaction is undone. The order is kept.
 * @throws what the first of them has thrown
 */
export async function sideBySide<T, R>(all: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const done: R[] = []
  for (let at = 0; at < all.length; at += AT_ONCE) {
    for (const outcome of await Promise.allSettled(all.slice(at, at + AT_ONCE).map(work))) {
      if (outcome.status === 'rejected') throw outcome.reason
      done.push(outcome.value)
    }
  }
  return done
}
