import type { Logger } from 'pino'
import { openBelfry } from './backends.ts'
import { loadConfig } from './config.ts'
import type { BelfryServer } from './server.ts'

/**
 * Makes a Belfry server for your own process. Settings have the names of the environment variables and win over them.
 * @throws ConfigError when a setting is wrong, with what to do
 * @example
 * const belfry = await createServer({ DATA_DIR: './data' })
 * await belfry.attach(yourHttpServer)
 */
export async function createServer(
  settings: Record<string, string> = {},
  { chatPolicy, ...options }: EmbeddingOptions = {},
): Promise<BelfryServer> {
  const policy = chatPolicy === undefined ? {} : { CHAT_POLICY: String(chatPolicy) }
  const { server } = await openBelfry(loadConfig({ ...settings, ...policy }), options)
  return server
}

interface EmbeddingOptions {
  log?: Logger
  /** `default`, `open`, or a module of your own that exports `rules: Rule[]`: its path or file URL. */
  chatPolicy?: string | URL
}

export type { Decision, Draft, PolicyContext, Rule } from './chat/policy/index.ts'
export {
  blockList,
  clientMustStart,
  contactInfo,
  maxLength,
  mediaTypes,
  membersOnly,
  noPeerChat,
  onlyWithinContext,
  openMessaging,
  readOnlyAfter,
  slowMode,
  writableStates,
} from './chat/policy/index.ts'
export type { Config } from './config.ts'
export { ConfigError, settings } from './config.ts'
export type { Actor } from './core/actor.ts'
export type { BelfryServer } from './server.ts'
