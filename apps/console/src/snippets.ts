import type { Audience } from '@belfry/protocol'
import type { Draft } from './api.ts'

export interface Snippet {
  label: string
  /** Shown: without the token. */
  text: string
  /** Copied: runs as it is. */
  copied: string
}

const HIDDEN = '$TOKEN'

/** The same send from a shell and from a back end. */
export function snippetsOf(draft: Draft, audience: Audience, token: string | undefined): Snippet[] {
  const curl = curlOf(draft, audience)
  const sdk = sdkOf(draft, audience)
  return [
    { label: 'curl', text: curl, copied: token === undefined ? curl : curl.replace(HIDDEN, () => token) },
    { label: 'SDK', text: sdk, copied: sdk },
  ]
}

function curlOf(draft: Draft, audience: Audience): string {
  // Inside single quotes a shell reads everything as it is, except the quote itself.
  const body = JSON.stringify({ audience, ...draft }).replaceAll("'", "'\\''")
  return [
    `curl ${location.origin}/api/notifications/send \\`,
    `  -H "Authorization: Bearer ${HIDDEN}" \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d '${body}'`,
  ].join('\n')
}

function sdkOf(draft: Draft, audience: Audience): string {
  const lines = Object.entries(draft).map(([key, value]) => `  ${key}: ${JSON.stringify(value)},`)
  return [`await new NotificationEmitter(client).${callOf(audience)}{`, ...lines, '})'].join('\n')
}

function callOf(audience: Audience): string {
  if ('user' in audience) return `sendToUser(${JSON.stringify(audience.user)}, `
  if ('users' in audience) return `sendToUsers(${JSON.stringify(audience.users)}, `
  if ('role' in audience) return `sendToRole(${JSON.stringify(audience.role)}, `
  if ('room' in audience) return `sendToRoom(${JSON.stringify(audience.room)}, `
  return 'sendToAll('
}
