import {
  type CommandInput,
  type CommandName,
  type CommandReply,
  type CommandRow,
  commands,
  type ErrorCode,
  errors,
  Failure,
} from '@belfry/protocol'
import { type Command, Option } from 'commander'

export interface Remote {
  url: string
  token?: string | undefined
}

/** Source: reliability.md §11. */
const TIMEOUT_MS = 10_000

/** Options of every command that speaks with a running server. */
export function addRemoteOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--url <url>', 'address of the server').env('BELFRY_URL').default('http://127.0.0.1:4000'),
    )
    .addOption(
      new Option('--token <token>', 'token or API key; better set in the environment').env('BELFRY_TOKEN'),
    )
}

/**
 * Runs one command of the table on a running server.
 * @throws Failure with the server's code; `unavailable` or `outcome_unknown` when there is no answer
 */
export async function callServer<N extends CommandName>(
  { url, token }: Remote,
  name: N,
  input: CommandInput<N>,
): Promise<CommandReply<N>> {
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) throw new Error(`${url} is no http(s) address.`)
  const row: CommandRow = commands[name]
  const { method = 'POST', path = '' } = row.rest ?? {}
  const { idempotencyKey, ...fields } = input as Record<string, unknown>
  const place = path.replace(/:(\w+)/g, (_, key: string) => encodeURIComponent(String(fields[key])))
  const hasBody = method !== 'GET' && method !== 'DELETE'
  const reply = await request(`${url.replace(/\/+$/, '')}${place}`, {
    method,
    headers: {
      ...(hasBody ? { 'content-type': 'application/json' } : {}),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': String(idempotencyKey) }),
    },
    ...(hasBody ? { body: JSON.stringify(fields) } : {}),
  })
  // What the server answers is what the row says; the wire cannot carry the type.
  return reply as CommandReply<N>
}

async function request(url: string, init: RequestInit): Promise<Record<string, unknown>> {
  const signal = AbortSignal.timeout(TIMEOUT_MS)
  const reply = await fetch(url, { ...init, redirect: 'manual', signal }).catch((error: unknown) => {
    throw unreachable(url, error)
  })
  const body: unknown = await reply.json().catch(() => undefined)
  if (typeof body !== 'object' || body === null || !('success' in body)) {
    throw new Error(`${url} answered ${reply.status}, but not as Belfry does. Is the address right?`)
  }
  if (body.success === true) return { ...body }
  const { code, message } = body as { code?: unknown; message?: unknown }
  const isKnown = typeof code === 'string' && Object.hasOwn(errors, code)
  throw new Failure(isKnown ? (code as ErrorCode) : 'internal', {
    message: `${String(code)}: ${String(message)}`,
  })
}

function unreachable(url: string, error: unknown): Error {
  const { cause } = error instanceof Error ? error : {}
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : ''
  if (code === '' && error instanceof TypeError && !URL.canParse(url))
    return new Error(`${url} is no address.`)
  const isSent = !['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'].includes(code)
  return new Failure(isSent ? 'outcome_unknown' : 'unavailable', {
    message: isSent
      ? `No answer from ${url}: it may or may not have happened.`
      : `Nobody answers at ${url}. Is the server running there?`,
  })
}
