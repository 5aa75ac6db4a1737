import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { postgresPrograms } from '@belfry/testkit/services'

const NCHAN_MODULE = '/usr/lib/nginx/modules/ngx_nchan_module.so'
const POLICY = '/usr/sbin/policy-rc.d'

/**
 * Installs Debian packages, as root on Debian; elsewhere throws and names them. Debian starts a service as it installs it;
 * the policy file keeps the machine's own PostgreSQL and nginx from being started, as they are not what is measured.
 */
const install = async (packages: readonly string[], why: string): Promise<void> => {
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) {
    throw new Error(`${why} needs ${packages.join(', ')}: install them, or run as root on Debian`)
  }
  console.log(`installing ${packages.join(', ')} for ${why}`)
  const hasPolicy = existsSync(POLICY)
  if (!hasPolicy) await writeFile(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    const apt = (...args: string[]) =>
      execFileSync('apt-get', args, {
        stdio: 'pipe',
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      })
    apt('update')
    apt('install', '-y', '--no-install-recommends', ...packages)
  } finally {
    if (!hasPolicy) await rm(POLICY)
  }
}

/** The folder of PostgreSQL's programs. */
export const requirePostgres = async (why: string): Promise<string> => {
  if (postgresPrograms() === undefined) await install(['postgresql'], why)
  const bin = postgresPrograms()
  if (bin === undefined) throw new Error('postgresql was installed, but initdb is not where Debian puts it')
  return bin
}

/** The buses between nodes. */
export const requireBuses = async (why: string): Promise<void> => {
  const names = ['redis-server', 'nats-server'] as const
  const missing = names.filter(
    (name) => !['/usr/bin', '/usr/sbin'].some((bin) => existsSync(`${bin}/${name}`)),
  )
  if (missing.length > 0) await install(missing, why)
}

/** The path of nginx's module nchan. */
export const requireNchan = async (): Promise<string> => {
  if (!existsSync(NCHAN_MODULE)) await install(['nginx', 'libnginx-mod-nchan'], 'the peer "nchan"')
  return NCHAN_MODULE
}
