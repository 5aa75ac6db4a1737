import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { requireNchan } from '../debian.ts'
import { freePort, start, temporaryFolder, waitUntil } from '../processes.ts'
import { settings } from '../settings.ts'
import { localAddressOf, payload, rawRequest, type Target, userId } from '../target.ts'
import { MARK_PLACEHOLDER } from '../wire/mark.ts'

/** One worker, as everything is measured on one core; nchan's own defaults otherwise. */
const configuration = (module: string, folder: string, port: number): string => `
daemon off;
${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes 1;
worker_rlimit_nofile 20000;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log warn;
load_module ${module};
events { worker_connections 20000; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  keepalive_requests 100000000;
  nchan_shared_memory_size 512m;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location = /health { return 200; }
    location ~ ^/pub/(\\w+)$ { nchan_publisher; nchan_channel_id $1; }
    location ~ ^/sub/(\\w+)$ { nchan_subscriber websocket; nchan_channel_id $1; nchan_subscriber_first_message newest; }
  }
}
`

export const startNchan = async (): Promise<Target> => {
  const module = await requireNchan()
  const folder = await temporaryFolder('nchan')
  const port = await freePort()
  const file = join(folder, 'nginx.conf')
  await writeFile(file, configuration(module, folder, port))
  const server = start({
    name: 'nginx',
    command: 'nginx',
    args: ['-p', folder, '-c', file],
    cpu: settings.serverCpu,
    stopSignal: 'SIGTERM',
  })
  await waitUntil(server, async () => (await fetch(`http://127.0.0.1:${port}/health`)).ok)
  const unsupported = (): never => {
    throw new Error('nchan is measured with one channel for each user only')
  }
  return {
    name: 'nchan',
    port,
    pid: server.pid,
    socketOf: (user) => ({
      path: `/sub/${userId(user)}`,
      connectPacket: null,
      readyOn: 'upgrade',
      localAddress: localAddressOf(user),
      keepsCursor: false,
    }),
    sendToOne: (user, text) =>
      rawRequest({ port, path: `/pub/${userId(user)}`, body: payload(MARK_PLACEHOLDER, text) }),
    sendToMany: unsupported,
    sendToAll: unsupported,
    stop: server.stop,
  }
}
