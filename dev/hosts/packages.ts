import { execFileSync } from 'node:child_process'
import { globSync } from 'node:fs'

/** What the tests talk to, and the Debian package that brings it. */
const PACKAGES: readonly [program: string, name: string][] = [
  ['/usr/bin/chromium', 'chromium'],
  ['/usr/bin/chromium-headless-shell', 'chromium-headless-shell'],
  ['/usr/sbin/slapd', 'slapd'],
  ['/usr/bin/ldapsearch', 'ldap-utils'],
  ['/usr/sbin/ns-slapd', '389-ds-base'],
  ['/usr/bin/certutil', 'libnss3-tools'],
  ['/usr/sbin/samba', 'samba'],
  ['/usr/share/samba/setup/provision.ldif', 'samba-ad-provision'],
  ['/usr/lib/*/samba/ldb/samldb.so', 'samba-dsdb-modules'],
  ['/usr/lib/*/samba/vfs/acl_xattr.so', 'samba-vfs-modules'],
  ['/usr/sbin/ip', 'iproute2'],
  ['/usr/bin/kinit', 'krb5-user'],
  // The program alone: the package apache2 would start one of its own on port 80.
  ['/usr/sbin/apache2', 'apache2-bin'],
  ['/usr/lib/apache2/modules/mod_auth_gssapi.so', 'libapache2-mod-auth-gssapi'],
  ['/usr/sbin/freeradius', 'freeradius'],
  ['/usr/sbin/bearerbox', 'kannel'],
  ['/usr/lib/kannel/test/fakesmsc', 'kannel-extras'],
  ['/usr/share/perl5/Net/SMPP.pm', 'libnet-smpp-perl'],
  ['/usr/bin/oathtool', 'oathtool'],
  ['/usr/lib/python3/dist-packages/pskc', 'python3-pskc'],
  ['/usr/bin/openssl', 'openssl'],
  ['/usr/lib/postgresql/*/bin/postgres', 'postgresql'],
]

/** Packages whose program is not on this machine. */
export function missing(): string[] {
  return PACKAGES.filter(([program]) => globSync(program).length === 0).map(([, name]) => name)
}

/** Installs Debian packages without asking anything. Throws, saying what to run, where we may not. */
export function install(names: readonly string[]): void {
  if (names.length === 0) return
  if (process.getuid?.() !== 0) throw new Error(`Not root; run: sudo apt-get install ${names.join(' ')}`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (...args: string[]) =>
    execFileSync('apt-get', ['-q', '-y', ...args], { env, stdio: ['ignore', 'inherit', 'inherit'] })
  apt('update')
  apt('install', '--no-install-recommends', ...names)
}
