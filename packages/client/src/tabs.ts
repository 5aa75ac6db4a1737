/** For pages that make noise once per device, whoever of its tabs is open. */
export { createTabLeader, type TabLeader, type TabState } from './tab-leader.ts'
