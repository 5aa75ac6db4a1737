import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import {
  type CommandInput,
  type CommandName,
  type CommandReply,
  type CommandRow,
  commandNames,
  commands,
  hasRoute,
  type RestCommandName,
} from '@belfry/protocol'
import { type Credential, httpTransport } from './http-transport.ts'
import { type Wait, withRetries } from './retry.ts'
import type { CallOptions, Transport } from './transport.ts'

interface Retrying {
  /** How often a call is repeated after a network error, 429 or 503; 3 by default. */
  retries?: number
  /** How waiting between attempts is done; tests pass their own. */
  wait?: Wait
}

export interface HttpClientOptions extends Retrying {
  /** Address of the server, such as `http://127.0.0.1:4000`. */
  url: string
  /** A user's token, or a function that gets one. */
  token?: Credential
  /** An API key, `bk_…`. */
  apiKey?: Credential
  /** In place of the global `fetch`. */
  fetch?: typeof globalThis.fetch
  /** For one attempt, in milliseconds; 10,000 by default. */
  timeoutMs?: number
}

export interface TransportClientOptions extends Retrying {
  /** Such as `inProcess(belfry)`. */
  transport: Transport
}

type Arguments<N extends CommandName> =
  Record<never, never> extends CommandInput<N>
    ? [input?: CommandInput<N>, options?: CallOptions]
    : [input: CommandInput<N>, options?: CallOptions]

/** Every command of the server as a method. Each rejects with a `Failure` that has the server's code. */
export type BelfryClient = {
  readonly [N in RestCommandName]: (...args: Arguments<N>) => Promise<CommandReply<N>>
}

const DEFAULT_RETRIES = 3
/** Source: reliability.md §11. */
const DEFAULT_TIMEOUT_MS = 10_000

const waitFor: Wait = async (ms, signal) => {
  await delay(ms, undefined, signal ? { signal } : {}).catch(() => signal?.throwIfAborted())
}

/**
 * Makes a typed client of a Belfry server. Writes carry an idempotency key, which a repeat uses again, so a retry
 * never sends anything twice.
 * @throws TypeError when `url` is no http(s) address
 * @example
 * import { createBelfryClient } from '@belfry/node'
 *
 * const client = createBelfryClient({ url: 'http://127.0.0.1:4000', apiKey: 'bk_…' })
 * const { notification } = await client.notify({ audience: { role: 'admin' }, message: 'Disk is filling up' })
 */
export function createBelfryClient(options: HttpClientOptions | TransportClientOptions): BelfryClient {
  const { retries = DEFAULT_RETRIES, wait = waitFor } = options
  const transport = 'transport' in options ? options.transport : overHttp(options)
  const methods = commandNames.filter(hasRoute).map((name) => {
    const isKeyed = takesKey(commands[name])
    const isRepeatable = isKeyed || commands[name].effect === 'read'
    const method = (input: Record<string, unknown> = {}, { signal }: CallOptions = {}) => {
      const body = isKeyed ? { ...input, idempotencyKey: input.idempotencyKey ?? randomUUID() } : input
      const attempt = () => transport.call(name, body, { signal })
      return withRetries(attempt, { retries, isRepeatable, wait, signal })
    }
    return [name, method] as const
  })
  // Method by method from the table that also gives the types; `fromEntries` cannot say so.
  return Object.fromEntries(methods) as unknown as BelfryClient
}

function overHttp(options: HttpClientOptions): Transport {
  const { url, token, apiKey, fetch = globalThis.fetch, timeoutMs = DEFAULT_TIMEOUT_MS } = options
  return httpTransport({ url, credential: token ?? apiKey, fetch, timeoutMs })
}

/** Whether a command's input may carry an idempotency key: asked of its schema, which is the only one to know. */
function takesKey({ input }: CommandRow): boolean {
  const { error } = input.safeParse({ idempotencyKey: 'key' })
  const isUnknown = error?.issues.some(
    (issue) => issue.code === 'unrecognized_keys' && issue.keys.includes('idempotencyKey'),
  )
  return !isUnknown
}
