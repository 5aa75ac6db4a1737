import { type Service, startService } from './service.ts'

/** Debian's nats-server. */
export function startNats({ token }: { token?: string } = {}): Promise<Service> {
  return startService({
    file: 'nats-server',
    args: ({ port }) => [
      ...['--addr', '127.0.0.1', '--port', String(port)],
      ...(token === undefined ? [] : ['--auth', token]),
    ],
    url: (port) => `nats://${token === undefined ? '' : `${encodeURIComponent(token)}@`}127.0.0.1:${port}`,
  })
}
