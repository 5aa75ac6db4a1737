import { findContacts, maskContacts, type Reading } from './contact-text.ts'
import type { Decision, Draft, DraftMedia, PolicyContext, Rule } from './policy.ts'
import { deny, isSaying } from './verdicts.ts'

const NOTICE = 'Contact details were hidden.'

export interface ContactInfoOptions {
  /** `mask` hides them, `block` refuses the message, `lock` keeps the whole chat shut until then. */
  readonly mode: 'mask' | 'block' | 'lock'
  /** `paid`: the rule ends when what the chat is about is paid. */
  readonly until?: 'paid'
  /** Hosts that links may lead to, with their subdomains. */
  readonly allowHosts?: readonly string[]
}

/** E-mail addresses, phone numbers, links and names in messengers are not told. */
export function contactInfo({ mode, until, allowHosts = [] }: ContactInfoOptions): Rule {
  return {
    name: 'contactInfo',
    judge(context) {
      if (until === 'paid' && isPaid(context)) return undefined
      if (mode === 'lock') return isSaying(context.action) ? deny('chat_locked') : undefined
      const { message, action, chat } = context
      if (!message) return undefined
      const reading = { allowHosts, isDirect: chat?.type === 'direct', hasPhones: true }
      const masked = maskDraft(message, reading)
      if (masked === message) return undefined
      return mode === 'block' || action === 'reactToMessage' ? deny('contact_info_blocked') : shown(masked)
    },
  }
}

const isPaid = ({ chat, now }: PolicyContext) => (chat?.context?.paidAt ?? Infinity) <= now

/** When an address was all there was, nothing is left to be said. */
function shown(draft: Draft): Decision {
  const isEmpty = draft.content === '' && (draft.media ?? []).length === 0
  return isEmpty ? deny('contact_info_blocked') : { effect: 'allow', transform: draft, policyNotice: NOTICE }
}

/** The same object when there is nothing to hide. */
function maskDraft(draft: Draft, reading: Reading): Draft {
  const content = maskContacts(draft.content, reading)
  const media = draft.media?.flatMap((one) => maskMedia(one, reading))
  const metadata = draft.metadata && maskValues(draft.metadata, reading)
  const isSame = content === draft.content && isEqual(media, draft.media) && metadata === draft.metadata
  if (isSame) return draft
  return { ...draft, content, ...(media && { media }), ...(metadata && { metadata }) }
}

const isEqual = (some: readonly unknown[] | undefined, others: readonly unknown[] | undefined) =>
  some === others || (some?.length === others?.length && some?.every((one, index) => one === others?.[index]))

/** Addresses elsewhere are links; there is no half of one, so it goes. */
function maskMedia(media: DraftMedia, reading: Reading): DraftMedia[] {
  if (media.id === undefined && media.url !== undefined && findContacts(media.url, reading).length > 0)
    return []
  const alt = media.alt && maskContacts(media.alt, reading)
  const name = media.name && maskContacts(media.name, { ...reading, hasPhones: false })
  if (alt === media.alt && name === media.name) return [media]
  return [{ ...media, ...(alt !== undefined && { alt }), ...(name !== undefined && { name }) }]
}

/** Texts in the app's own data, and its keys; numbers are places, amounts and ids. The same object without a change. */
function maskValues<T extends object>(value: T, reading: Reading): T {
  const entries = Object.entries(value)
  const masked = entries.map(([key, inner]) => [
    maskContacts(key, reading),
    typeof inner === 'string'
      ? maskContacts(inner, reading)
      : typeof inner === 'object' && inner !== null
        ? maskValues(inner, reading)
        : inner,
  ])
  const isSame = masked.every(
    ([key, inner], index) => key === entries[index]?.[0] && inner === entries[index]?.[1],
  )
  if (isSame) return value
  const result = Array.isArray(value) ? masked.map(([, inner]) => inner) : Object.fromEntries(masked)
  // The same shape with other texts in it.
  return result as T
}
