export { contactInfo } from './contact-info.ts'
export { type ChooseRules, loadRules } from './load-rules.ts'
export { memberRoles } from './member-roles.ts'
export {
  capabilities,
  type Decision,
  type Draft,
  decide,
  kindOf,
  type PolicyContext,
  policyContextOf,
  type Rule,
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
