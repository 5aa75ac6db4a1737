import type { CommandReply, ParsedInput } from '@belfry/protocol'
import type { Reader } from '../store/store.ts'
import { contextOf } from './judge.ts'
import { placeOf } from './place.ts'
import { capabilities, decide, type PolicyContext, policyContextOf } from './policy/index.ts'
import { rulesFor } from './settings.ts'

type Input = ParsedInput<'testPolicy'>
type Assumed = NonNullable<Input['assumed']>

/** A member of an open chat of two, about whom nothing is known. */
const nobody = (action: Input['action'], now: number): PolicyContext => ({
  action,
  now,
  actor: { id: 'actor', roles: [] },
  counterpart: { id: 'counterpart' },
  chat: { id: 'chat', type: 'direct', state: 'open' },
  membership: { role: 'member', access: 'readwrite', isActive: true },
  facts: { actorMessages: 0, counterpartMessages: 0, blockedEither: false },
})

/** What the rules would decide, for a member as it is or for what is assumed. @throws Failure `not_found` */
export async function testPolicy(reader: Reader, input: Input): Promise<CommandReply<'testPolicy'>> {
  const { action, chatId, userId, assumed = {}, message } = input
  const known =
    chatId === undefined || userId === undefined
      ? nobody(action, reader.now)
      : await contextOf(reader, action, await placeOf(reader, chatId, userId))
  const context = { ...assuming(known, assumed), ...(message && { message }) }
  const rules = rulesFor(context)
  return {
    // A draft is plain data.
    decision: decide(rules, context) as CommandReply<'testPolicy'>['decision'],
    rules: rules.map(({ name }) => name),
    capabilities: capabilities(rules, context),
  }
}

const timeOf = (instant: string | undefined) => (instant === undefined ? undefined : Date.parse(instant))

function assuming(
  known: PolicyContext,
  { actor, counterpart, chat, membership, facts }: Assumed,
): PolicyContext {
  const context = chat?.context === undefined ? undefined : policyContextOf(chat.context)
  return {
    ...known,
    actor: over(known.actor, actor),
    counterpart: counterpart
      ? over(known.counterpart ?? { id: 'counterpart' }, counterpart)
      : known.counterpart,
    chat: known.chat && over(known.chat, { ...chat, context }),
    membership:
      known.membership &&
      over(known.membership, { ...membership, mutedUntil: timeOf(membership?.mutedUntil) }),
    facts: over(known.facts, { ...facts, lastActorMessageAt: timeOf(facts?.lastActorMessageAt) }),
  }
}

/** What is assumed takes the place of what is known; what it does not name stays. */
function over<T extends object>(known: T, assumed: { [K in keyof T]?: T[K] | undefined } | undefined): T {
  const named = Object.entries(assumed ?? {}).filter(([, value]) => value !== undefined)
  // Only names of `T`, each with a value of its type.
  return { ...known, ...Object.fromEntries(named) } as T
}
