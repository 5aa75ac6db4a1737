import { defaultRules, openRules } from './default-rules.ts'
import type { PolicyContext, Rule } from './policy.ts'

/** The rules between two people. */
export type ChooseRules = (people: Pick<PolicyContext, 'actor' | 'counterpart'>) => readonly Rule[]

/**
 * The rules that an operator has chosen.
 * @param policy `default`, `open`, or the URL of a module that exports `rules`, which are then all there are
 * @throws Error, for the operator, when the module cannot be used
 */
export async function loadRules(policy: string): Promise<ChooseRules> {
  if (policy === 'default') return defaultRules
  const rules = policy === 'open' ? openRules : await rulesIn(policy)
  return () => rules
}

async function rulesIn(url: string): Promise<readonly Rule[]> {
  const module = await import(url).catch((error) => {
    throw new Error(`CHAT_POLICY: ${url} cannot be loaded: ${error instanceof Error ? error.message : error}`)
  })
  const { rules }: { rules?: unknown } = module
  if (Array.isArray(rules) && rules.every(isRule)) return rules
  throw new Error(`CHAT_POLICY: ${url} must export \`rules\`, a list of { name, judge(context) }.`)
}

function isRule(rule: unknown): rule is Rule {
  if (typeof rule !== 'object' || rule === null) return false
  return (
    'name' in rule && typeof rule.name === 'string' && 'judge' in rule && typeof rule.judge === 'function'
  )
}
