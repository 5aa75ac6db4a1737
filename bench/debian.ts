import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'

const POSTGRES_ROOT = '/usr/lib/postgresql'
const NCHAN_MODULE = '/usr/lib/nginx/modules/ngx_nchan_module.so'
const POLICY = '/usr/sbin/policy-rc.d'

const postgresBin = (): string | null => {
  const versions = existsSync(POSTGRES_ROOT)
    ? readdirSync(POSTGRES_ROOT).sort((a, b) => Number(b) - Number(a))
    : []
  const found = versions
    .map((version) => `${POSTGRES_ROOT}/${version}/bin`)
    .find((bin) => existsSync(`${bin}/initdb`))
  return found ?? null
}

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
export const requirePostgres = async (): Promise<string> => {
  if (postgresBin() === null) await install(['postgresql'], 'the peer "tutorial"')
  const bin = postgresBin()
  if (bin === null) throw new Error('postgresql was installed, but initdb is not where Debian puts it')
  return bin
}

/** The path of nginx's module nchan. */
export const requireNchan = async (): Promise<string> => {
  if (!existsSync(NCHAN_MODULE)) await install(['nginx', 'libnginx-mod-nchan'], 'the peer "nchan"')
  return NCHAN_MODULE
}
