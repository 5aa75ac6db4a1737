export interface SignOutChannel {
  post(userKey: string): void
  close(): void
}

/** Tells other tabs who has signed out, where no storage does. */
export function openSignOutChannel(name: string, onSignOut: (userKey: string) => void): SignOutChannel {
  if (typeof BroadcastChannel === 'undefined') return { post: () => undefined, close: () => undefined }
  const channel = new BroadcastChannel(name)
  channel.onmessage = ({ data }) => onSignOut(String(data))
  return { post: (userKey) => channel.postMessage(userKey), close: () => channel.close() }
}
