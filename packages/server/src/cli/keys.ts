import { type Scope, scopes } from '@belfry/protocol'
import { type Command, Option } from 'commander'
import { print, remark, reported } from './outcome.ts'
import { addRemoteOptions, callServer, type Remote } from './remote.ts'

interface AdminOptions extends Remote {
  email?: string
  password?: string
}

/** `belfry keys`: API keys of a running server, for whoever is admin there. */
export function registerKeyCommands(program: Command): void {
  const keys = program.command('keys').description('API keys of a running server; needs an admin.')
  const create = keys
    .command('create <name>')
    .description('Make a key. Its secret is printed this once and never again.')
    .addOption(
      new Option('--scope <scope...>', 'what it may do').choices([...scopes]).default(['notifications:send']),
    )
  addAdminOptions(create).action(reported(createKey))
  const list = keys.command('list').description('All keys, without their secrets.')
  addAdminOptions(list).action(reported(listKeys))
  const revoke = keys.command('revoke <id>').description('End a key at once.')
  addAdminOptions(revoke).action(reported(revokeKey))
}

function addAdminOptions(command: Command): Command {
  return addRemoteOptions(command)
    .addOption(new Option('--email <email>', 'in place of a token').env('BELFRY_EMAIL'))
    .addOption(new Option('--password <password>', 'better set in the environment').env('BELFRY_PASSWORD'))
}

async function createKey(name: string, options: AdminOptions & { scope: Scope[] }): Promise<void> {
  await signedIn(options, async (remote) => {
    const { key } = await callServer(remote, 'createKey', { name, scopes: options.scope })
    remark(`Key ${key.id} may: ${key.scopes.join(', ')}. This is the only time that its secret is shown:`)
    print(key.secret)
  })
}

async function listKeys(options: AdminOptions): Promise<void> {
  await signedIn(options, async (remote) => {
    const { keys } = await callServer(remote, 'listKeys', {})
    for (const { id, name, scopes: may, createdAt, revokedAt } of keys) {
      print([id, revokedAt === null ? 'live' : 'ended', createdAt, may.join(','), visible(name)].join('\t'))
    }
  })
}

async function revokeKey(id: string, options: AdminOptions): Promise<void> {
  await signedIn(options, async (remote) => {
    await callServer(remote, 'revokeKey', { id })
    remark(`Key ${id} has ended.`)
  })
}

/** Names are free text, and a terminal obeys control characters. */
const visible = (text: string) => text.replace(/\p{Cc}/gu, '\u{fffd}')

/** With the token, or with a session that is opened for this and ended behind it. */
async function signedIn(options: AdminOptions, work: (remote: Remote) => Promise<void>): Promise<void> {
  const { url, token, email, password } = options
  if (email === undefined && password === undefined) return work({ url, token })
  if (email === undefined || password === undefined) throw new Error('Give both --email and --password.')
  const session = await callServer({ url }, 'login', { email, password })
  const remote = { url, token: session.token }
  try {
    await work(remote)
  } finally {
    // A session that cannot be ended now ends by itself.
    await callServer(remote, 'logout', {}).catch(() => {})
  }
}
