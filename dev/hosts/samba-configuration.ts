import type { Realm } from './samba-people.ts'

/** `forwarder`: the address of a DNS server that is asked for what this domain does not know. */
type Wishes = {
  realm: Realm
  folder: string
  address: string
  certificates: string
  kerberos?: boolean | undefined
  forwarder?: string | undefined
}

/**
 * Only LDAP and DNS, and Kerberos where it is asked for: what else a domain controller does nobody here needs. They are opened
 * in this order, so whoever finds DNS finds all.
 */
export function smbConf({ realm, folder, address, certificates, kerberos = false, forwarder }: Wishes): string {
  return `[global]
netbios name = DC1
realm = ${realm.domain.toUpperCase()}
workgroup = ${realm.netbios}
server role = active directory domain controller
server services = ${kerberos ? 'kdc, ' : ''}ldap, dns
interfaces = ${address}/32
bind interfaces only = yes
private dir = ${folder}/private
state directory = ${folder}/state
cache directory = ${folder}/cache
lock directory = ${folder}
binddns dir = ${folder}/bind-dns
pid directory = ${folder}/run
ncalrpc dir = ${folder}/ncalrpc
log file = /dev/null
tls cafile = ${certificates}/ca.pem
tls certfile = ${certificates}/server.pem
tls keyfile = ${certificates}/server.key
old password allowed period = 0
idmap_ldb:use rfc2307 = yes
${forwarder === undefined ? '' : `dns forwarder = ${forwarder}\n`}`
}
