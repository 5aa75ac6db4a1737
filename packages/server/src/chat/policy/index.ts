export { contactInfo } from './contact-info.ts'
export { defaultRules, openRules } from './default-rules.ts'
export { memberRoles } from './member-roles.ts'
export {
  capabilities,
  type Decision,
  type Draft,
  decide,
  kindOf,
  type PolicyChat,
  type PolicyContext,
  policyContextOf,
  type Rule,
  type Verdict,
} from './policy.ts'
export {
  blockList,
  clientMustStart,
  maxLength,
  mediaTypes,
  membersOnly,
  noPeerChat,
  onlyWithinContext,
  openMessaging,
  readOnlyAfter,
  slowMode,
  writableStates,
} from './presets.ts'
