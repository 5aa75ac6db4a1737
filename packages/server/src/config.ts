/** All settings, in one table: that is why this file is long. It is the only reader of the environment. */

// The table of settings and the rules between them are one place, and so this file is longer than 300 lines.
import { resolve } from 'node:path'
import { roleName } from '@belfry/protocol'
import { z } from 'zod'
import { mediaSettings } from './config-media.ts'
import { secret, setting } from './config-setting.ts'
import {
  adminPassword,
  authMode,
  DAY_MS,
  databaseUrl,
  days,
  emailAddress,
  folder,
  hostName,
  hours,
  isLoopback,
  isOn,
  keySetUrl,
  list,
  logLevel,
  longToken,
  MIB,
  natsUrl,
  origin,
  perSecond,
  policy,
  proxy,
  rate,
  redisUrl,
  roleMap,
  seconds,
  signingSecret,
  transport,
  whole,
} from './config-values.ts'

/** Everything that can be set. Sources: contract.md §1, reliability.md §11, security.md §6 and §10. */
export const settings = {
  port: setting('PORT', 'Port of HTTP and sockets; 0 takes a free one.', whole(0, 65535).default(4000)),
  host: setting('HOST', 'Address to listen on.', hostName.default('127.0.0.1')),
  dataDir: setting(
    'DATA_DIR',
    'Folder of everything durable.',
    folder.default('./data').transform((path) => resolve(path)),
  ),
  nodeEnv: setting(
    'NODE_ENV',
    '`production` closes what is for trying out.',
    z.string().default('development'),
  ),
  jwtSecret: secret(
    'JWT_SECRET',
    'Signs the tokens, and what nodes tell each other; made at first start, and kept in DATA_DIR or in the database.',
    signingSecret.optional(),
  ),
  playground: setting('PLAYGROUND', 'Sample page with two sample accounts.', isOn.optional()),
  databaseUrl: setting('DATABASE_URL', 'PostgreSQL in place of the embedded store.', databaseUrl.optional()),
  redisUrl: setting('REDIS_URL', 'Bus between nodes, over Redis.', redisUrl.optional()),
  natsUrl: setting('NATS_URL', 'Bus between nodes, over NATS.', natsUrl.optional()),
  transports: setting(
    'TRANSPORTS',
    'Ways a socket may connect.',
    list(transport).default(['websocket', 'polling']),
  ),
  corsOrigins: setting(
    'CORS_ORIGINS',
    'Origins of browsers that may call from elsewhere.',
    list(origin).default([]),
  ),
  auth: setting('AUTH', '`open` trusts the user id that a client names.', authMode.default('accounts')),
  adminEmail: setting('ADMIN_EMAIL', 'Account with role admin; made when missing.', emailAddress.optional()),
  adminPassword: secret('ADMIN_PASSWORD', 'The password it is made with.', adminPassword.optional()),
  rateLimit: setting('RATE_LIMIT', '`off` lifts the limits, for load tests.', isOn.default(true)),
  signupRoles: setting(
    'SIGNUP_ROLES',
    'Roles people may give themselves; the first is the default.',
    list(roleName).default(['user', 'patient']),
  ),
  tokenLifetimeMs: setting(
    'TOKEN_LIFETIME_SECONDS',
    'How long a token holds.',
    seconds(60, 604_800).default(7 * DAY_MS),
  ),
  jwksUrl: setting('JWKS_URL', 'Keys of an external token issuer.', keySetUrl.optional()),
  jwtIssuer: setting('JWT_ISSUER', '`iss` of its tokens.', z.string().optional()),
  jwtAudience: setting('JWT_AUDIENCE', '`aud` of its tokens.', z.string().optional()),
  jwtHs256Secret: secret(
    'JWT_HS256_SECRET',
    'Secret shared with an external issuer.',
    signingSecret.optional(),
  ),
  jwtRoleClaim: setting(
    'JWT_ROLE_CLAIM',
    'Claim with its roles; dots lead into objects.',
    z.string().default('roles'),
  ),
  jwtRoleMap: setting('JWT_ROLE_MAP', 'Its roles and ours; others count for nothing.', roleMap.optional()),
  trustProxy: setting('TRUST_PROXY', 'Proxies whose X-Forwarded-For is believed.', list(proxy).default([])),
  logLevel: setting('LOG_LEVEL', 'How much is logged.', logLevel.default('info')),
  metricsToken: secret(
    'METRICS_TOKEN',
    'Bearer token that reads /metrics from elsewhere.',
    longToken.optional(),
  ),
  logRetentionMs: setting(
    'LOG_RETENTION_DAYS',
    'How long entries are kept.',
    days(1, 3650).default(90 * DAY_MS),
  ),
  maxTopicEntries: setting(
    'MAX_TOPIC_ENTRIES',
    'Entries kept per topic.',
    whole(1000, 10_000_000).default(100_000),
  ),
  idempotencyMs: setting(
    'IDEMPOTENCY_DAYS',
    'How long keys of requests are kept.',
    days(1, 365).default(7 * DAY_MS),
  ),
  chatPolicy: setting(
    'CHAT_POLICY',
    'Rules of chats: `default`, `open`, or the path of a module that exports `rules`.',
    policy.default('default'),
  ),
  maxChatMembers: setting('MAX_CHAT_MEMBERS', 'Members of a group.', whole(2, 5000).default(500)),
  chatEditWindowMs: setting(
    'CHAT_EDIT_WINDOW_HOURS',
    'How long a sender may change a message.',
    hours(0, 8760).default(DAY_MS),
  ),
  chatRetentionMs: setting(
    'CHAT_RETENTION_DAYS',
    'How long messages are kept; without it, for ever.',
    days(1, 36_500).optional(),
  ),
  maxBodyBytes: setting('MAX_BODY_BYTES', 'Size of an HTTP body.', whole(1024, 64 * MIB).default(65_536)),
  maxSendBytes: setting(
    'MAX_SEND_BYTES',
    'Size of a send or bulk body.',
    whole(1024, 64 * MIB).default(262_144),
  ),
  maxFrameBytes: setting('MAX_FRAME_BYTES', 'Size of a socket frame.', whole(1024, 64 * MIB).default(65_536)),
  maxUserSockets: setting('MAX_USER_SOCKETS', 'Sockets per user.', whole(1, 100_000).default(50)),
  maxAddressSockets: setting(
    'MAX_ADDRESS_SOCKETS',
    'Sockets per address.',
    whole(1, 1_000_000).default(1000),
  ),
  maxSockets: setting('MAX_SOCKETS', 'Sockets of this node.', whole(1, 1_000_000).default(15_000)),
  maxSocketBytes: setting(
    'MAX_SOCKET_BYTES',
    'Unsent bytes that close a slow socket.',
    whole(65_536, 256 * MIB).default(MIB),
  ),
  maxNodeBytes: setting(
    'MAX_NODE_BYTES',
    'Unsent bytes of all sockets.',
    whole(MIB, 65_536 * MIB).default(256 * MIB),
  ),
  pingIntervalMs: setting(
    'PING_INTERVAL_SECONDS',
    'How often sockets are pinged.',
    seconds(1, 300).default(15_000),
  ),
  pingTimeoutMs: setting(
    'PING_TIMEOUT_SECONDS',
    'How long a pong may take.',
    seconds(1, 300).default(10_000),
  ),
  presenceGraceMs: setting(
    'PRESENCE_GRACE_SECONDS',
    'How long who has gone is still shown.',
    seconds(1, 300).default(15_000),
  ),
  headersTimeoutMs: setting('HEADERS_TIMEOUT_SECONDS', 'Time for headers.', seconds(1, 300).default(10_000)),
  requestTimeoutMs: setting(
    'REQUEST_TIMEOUT_SECONDS',
    'Time for a whole request.',
    seconds(1, 300).default(15_000),
  ),
  handshakeTimeoutMs: setting(
    'HANDSHAKE_TIMEOUT_SECONDS',
    'Time for a handshake.',
    seconds(1, 300).default(5000),
  ),
  commandTimeoutMs: setting(
    'COMMAND_TIMEOUT_SECONDS',
    'Time for a command.',
    seconds(1, 300).default(10_000),
  ),
  userRate: setting('RATE_USER', 'Requests of a user, per second/burst.', rate.default(perSecond(60, 300))),
  keyRate: setting('RATE_KEY', 'Requests of an API key or admin.', rate.default(perSecond(1000, 2000))),
  anonymousRate: setting(
    'RATE_ANONYMOUS',
    'Requests of nobody, per address.',
    rate.default(perSecond(50, 200)),
  ),
  socketRate: setting('RATE_SOCKET', 'Events of one socket.', rate.default(perSecond(50, 200))),
  userEventRate: setting(
    'RATE_USER_EVENTS',
    'Events of all sockets of a user.',
    rate.default(perSecond(100, 400)),
  ),
  handshakeRate: setting('RATE_HANDSHAKES', 'Handshakes per address.', rate.default(perSecond(100, 1000))),
  nodeHandshakeRate: setting(
    'RATE_NODE_HANDSHAKES',
    'Handshakes of this node.',
    rate.default(perSecond(1000, 2000)),
  ),
  ...mediaSettings,
} as const

type Settings = typeof settings
type Parsed = { [K in keyof Settings]: z.output<Settings[K]['schema']> }

/** An issuer of tokens other than Belfry itself. Exactly one of `jwksUrl` and `secret` is there. */
export interface ExternalIssuer {
  readonly issuer: string
  readonly audience: string
  readonly jwksUrl: string | undefined
  readonly secret: string | undefined
  readonly roleClaim: string
  /** Without it, roles come from the store. */
  readonly roleMap: ReadonlyMap<string, string> | undefined
}

/** All settings, checked and frozen. */
export type Config = Readonly<Omit<Parsed, 'playground'>> & {
  readonly playground: boolean
  readonly isProduction: boolean
  /** Whether only this machine can reach the server. */
  readonly isLoopback: boolean
  readonly external: ExternalIssuer | undefined
}

export interface Problem {
  /** Variable, such as `JWT_SECRET`. */
  readonly setting: string
  /** What to do about it; never the value. */
  readonly advice: string
}

/** Settings the server cannot start with; its message is for the operator. */
export class ConfigError extends Error {
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    super(problems.map(({ setting: name, advice }) => `${name}: ${advice}`).join('\n'))
    this.name = 'ConfigError'
    this.problems = problems
  }
}

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads and checks everything before anything opens: the process's environment, and over it what an embedding app
 * sets under the same names.
 * @throws ConfigError with every problem at once
 * @example
 * const config = loadConfig({ PORT: '4000' })
 */
export const loadConfig = (overrides: Environment = {}): Config =>
  readConfig({ ...process.env, ...overrides })

/**
 * The same from given values alone.
 * @throws ConfigError with every problem at once
 */
export function readConfig(env: Environment): Config {
  const problems: Problem[] = []
  const values = Object.entries(settings).map(([name, { env: variable, schema, isSecret }]) => {
    const text = env[variable]
    const result = schema.safeParse(text === '' && !isSecret ? undefined : text)
    if (!result.success)
      problems.push({ setting: variable, advice: result.error.issues[0]?.message ?? 'It is not valid.' })
    return [name, result.data]
  })
  if (problems.length > 0) throw new ConfigError(problems)
  // Each value was parsed by the schema under its name; `fromEntries` cannot say so.
  const parsed = Object.fromEntries(values) as Parsed
  const isProduction = parsed.nodeEnv === 'production'
  const isLocal = isLoopback(parsed.host)
  const playground = parsed.playground ?? (isLocal && !isProduction)
  const config: Config = {
    ...parsed,
    playground,
    isProduction,
    isLoopback: isLocal,
    external: externalIssuer(parsed),
  }
  const conflicts = [...exposed(config), ...pairs(parsed)]
  if (conflicts.length > 0) throw new ConfigError(conflicts)
  for (const value of Object.values(config)) Object.freeze(value)
  return Object.freeze(config)
}

/** What would be open to everyone when others can reach the server. */
function exposed(config: Config): Problem[] {
  if (config.isLoopback) return []
  const advice =
    'This is only for a HOST of this machine alone, such as 127.0.0.1. Take it away, or change HOST.'
  const risky = { AUTH: config.auth === 'open', PLAYGROUND: config.playground, RATE_LIMIT: !config.rateLimit }
  return Object.entries(risky).flatMap(([name, isRisky]) => (isRisky ? [{ setting: name, advice }] : []))
}

/** Settings that need or exclude each other. */
function pairs(parsed: Parsed): Problem[] {
  const problems: Problem[] = []
  const refuse = (name: keyof Settings, advice: string) =>
    problems.push({ setting: settings[name].env, advice })
  if ((parsed.adminEmail === undefined) !== (parsed.adminPassword === undefined)) {
    refuse(
      parsed.adminEmail === undefined ? 'adminEmail' : 'adminPassword',
      'Set ADMIN_EMAIL and ADMIN_PASSWORD, or neither.',
    )
  }
  if (parsed.signupRoles.includes('admin'))
    refuse('signupRoles', 'Nobody may make himself admin. Take admin out of the list.')
  for (const name of ['awsAccessKeyId', 'awsSecretAccessKey'] as const) {
    if (parsed.mediaStore.kind === 's3' && parsed[name] === undefined) refuse(name, 'MEDIA_STORE needs it.')
  }
  if (parsed.redisUrl !== undefined && parsed.natsUrl !== undefined)
    refuse('natsUrl', 'Set REDIS_URL or this, not both.')
  for (const name of ['redisUrl', 'natsUrl'] as const) {
    if (parsed[name] !== undefined && parsed.databaseUrl === undefined)
      refuse(name, 'A bus needs a store that nodes share: set DATABASE_URL with it.')
  }
  const hasExternal = parsed.jwksUrl !== undefined || parsed.jwtHs256Secret !== undefined
  if (parsed.jwksUrl !== undefined && parsed.jwtHs256Secret !== undefined)
    refuse('jwtHs256Secret', 'Set JWKS_URL or this, not both.')
  for (const name of ['jwtIssuer', 'jwtAudience'] as const) {
    if (hasExternal && parsed[name] === undefined) refuse(name, 'Set it to what the external tokens carry.')
    if (!hasExternal && parsed[name] !== undefined) refuse(name, 'Set JWKS_URL or JWT_HS256_SECRET with it.')
  }
  if (parsed.jwtIssuer === 'belfry') refuse('jwtIssuer', 'This name is kept for the tokens of Belfry itself.')
  return problems
}

function externalIssuer(parsed: Parsed): ExternalIssuer | undefined {
  const { jwksUrl, jwtHs256Secret, jwtIssuer, jwtAudience, jwtRoleClaim, jwtRoleMap } = parsed
  if ((jwksUrl ?? jwtHs256Secret) === undefined || jwtIssuer === undefined || jwtAudience === undefined)
    return undefined
  return {
    issuer: jwtIssuer,
    audience: jwtAudience,
    jwksUrl,
    secret: jwtHs256Secret,
    roleClaim: jwtRoleClaim,
    roleMap: jwtRoleMap,
  }
}
