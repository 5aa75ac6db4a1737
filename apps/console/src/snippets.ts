import type { Audience } from '@belfry/protocol'
import type { Draft } from './api.ts'
import { kindOf } from './kinds.ts'

export interface Snippet {
  label: string
  /** Shown: without the token. */
  text: string
  /** Copied: runs as it is. */
  copied: string
}

export interface SnippetOptions {
  /** Of the server. */
  origin: string
  token: string | undefined
}

const HIDDEN = '$TOKEN'

/** What `POST /api/notifications/send` takes. */
export function bodyOf({ meta, ...draft }: Draft, audience: Audience): object {
  return { audience, ...draft, ...(isEmpty(meta) ? {} : { meta }) }
}

/** The same send from a back end and from a shell. */
export function snippetsOf(draft: Draft, audience: Audience, { origin, token }: SnippetOptions): Snippet[] {
  const [sdk, curl] = [sdkOf(draft, audience), curlOf(draft, audience, origin)]
  return [
    { label: 'SDK', text: sdk, copied: sdk },
    { label: 'curl', text: curl, copied: token === undefined ? curl : curl.replace(HIDDEN, () => token) },
  ]
}

function curlOf(draft: Draft, audience: Audience, origin: string): string {
  // Inside single quotes a shell reads everything as it is, except the quote itself.
  const body = JSON.stringify(bodyOf(draft, audience)).replaceAll("'", "'\\''")
  return [
    `curl ${origin}/api/notifications/send \\`,
    `  -H "Authorization: Bearer ${HIDDEN}" \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d '${body}'`,
  ].join('\n')
}

/** By the helper of the kind when there is one: it makes `meta` of what the notification is about. */
function sdkOf(draft: Draft, audience: Audience): string {
  const kind = kindOf(draft.type)
  const { title, message, priority, meta } = draft
  const own = isEmpty(meta) ? {} : { meta }
  if (!kind?.helper) {
    const { type } = draft
    return call(directCall(audience), { type, title, message, priority, ...own })
  }
  if (kind.isAlert) return call(`${kind.helper}(`, { title, message, priority }, { audience, ...own })
  const isSample = JSON.stringify(meta) === JSON.stringify(kind.meta)
  const options = { audience, title, message, priority, ...(isSample ? {} : { meta }) }
  return call(`${kind.helper}(`, kind.meta, options)
}

function call(name: string, ...given: object[]): string {
  return `await new NotificationEmitter(client).${name}${given.map(literalOf).join(', ')})`
}

function directCall(audience: Audience): string {
  if ('user' in audience) return `sendToUser(${JSON.stringify(audience.user)}, `
  if ('users' in audience) return `sendToUsers(${JSON.stringify(audience.users)}, `
  if ('role' in audience) return `sendToRole(${JSON.stringify(audience.role)}, `
  if ('room' in audience) return `sendToRoom(${JSON.stringify(audience.room)}, `
  return 'sendToAll('
}

/** A line for each property, as people write it. */
function literalOf(value: object): string {
  const lines = Object.entries(value).map(([key, one]) => `  ${nameOf(key)}: ${inline(one)},`)
  return lines.length === 0 ? '{}' : ['{', ...lines, '}'].join('\n')
}

function inline(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return JSON.stringify(value)
  const pairs = Object.entries(value).map(([key, one]) => `${nameOf(key)}: ${inline(one)}`)
  return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`
}

const nameOf = (key: string) => (/^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key))

const isEmpty = (value: object) => Object.keys(value).length === 0
