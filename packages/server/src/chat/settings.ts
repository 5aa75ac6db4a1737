import { type ChooseRules, loadRules, memberRoles, type Rule } from './policy/index.ts'

/** What an operator sets about chats. Plain data: it goes to the thread in which the handlers run. */
export interface ChatSettings {
  /** `default`, `open`, or the URL of a module that exports `rules`. */
  readonly policy: string
  readonly maxMembers: number
  /** How long a sender may change the text. */
  readonly editWindowMs: number
}

interface Prepared {
  readonly maxMembers: number
  readonly roles: Rule
  readonly chooseRules: ChooseRules
}

let prepared: Prepared | undefined

/**
 * Called once in the thread that runs the handlers, before it takes work: handlers are plain functions of their input.
 * @throws Error when the policy's module cannot be used
 */
export async function prepareChat({ policy, maxMembers, editWindowMs }: ChatSettings): Promise<void> {
  prepared = { maxMembers, roles: memberRoles({ editWindowMs }), chooseRules: await loadRules(policy) }
}

function current(): Prepared {
  if (!prepared) throw new Error('Chats are used before they were prepared.')
  return prepared
}

export const maxMembers = (): number => current().maxMembers

/** Roles of members are always asked first. */
export const rulesFor: ChooseRules = (people) => {
  const { roles, chooseRules } = current()
  return [roles, ...chooseRules(people)]
}
