import type { ChatSettings } from './chat/settings.ts'
import type { Config } from './config.ts'

/** What handlers and queries need of the configuration: plain data, which goes to the thread they run in. */
export interface FeatureSettings {
  readonly chat: ChatSettings
}

export const featureSettings = (config: Config): FeatureSettings => ({
  chat: {
    policy: config.chatPolicy,
    maxMembers: config.maxChatMembers,
    editWindowMs: config.chatEditWindowMs,
  },
})
