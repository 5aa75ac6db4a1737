import { isSafeLink } from '@belfry/protocol'

/**
 * Goes where a notification points. The app's router takes addresses of its own site; unsafe ones do nothing.
 * @param push The app's router, which takes path, query and fragment
 */
export function goTo(url: string | undefined, push: ((path: string) => void) | undefined): void {
  if (url === undefined || !isSafeLink(url)) return
  const { origin, pathname, search, hash, href } = new URL(url, location.href)
  if (push && origin === location.origin) push(pathname + search + hash)
  else location.assign(href)
}
