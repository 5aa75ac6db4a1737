import { execFileSync } from 'node:child_process'
import { eventually } from '../wait.ts'
import { type Service, startService } from './service.ts'

export interface RedisService extends Service {
  /** What the server answers to a command, as `redis-cli` prints it. */
  command(...args: string[]): string
}

export interface RedisOptions {
  /** A cluster of one node that holds all slots. */
  isCluster?: boolean
  password?: string
}

/** Debian's redis-server, which keeps nothing on disk but the cluster's own notes. */
export async function startRedis({ isCluster = false, password }: RedisOptions = {}): Promise<RedisService> {
  const user = password === undefined ? '' : `:${encodeURIComponent(password)}@`
  const service = await startService({
    file: 'redis-server',
    args: ({ port, directory }) => [
      ...['--port', String(port), '--bind', '127.0.0.1', '--dir', directory, '--save', ''],
      ...(isCluster ? ['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1'] : []),
      ...(password === undefined ? [] : ['--requirepass', password]),
    ],
    url: (port) => `redis${isCluster ? '-cluster' : ''}://${user}127.0.0.1:${port}`,
  })
  const command = (...args: string[]) =>
    execFileSync('redis-cli', ['-p', String(service.port), ...args], {
      encoding: 'utf8',
      env: { ...process.env, ...(password === undefined ? {} : { REDISCLI_AUTH: password }) },
    }).trim()
  if (isCluster) {
    command('cluster', 'addslotsrange', '0', '16383')
    await eventually('the cluster is up', () => command('cluster', 'info').includes('cluster_state:ok'))
  }
  return { ...service, command }
}
