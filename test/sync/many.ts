import { Attribute, Change, Client } from 'ldapts'
import { type ManyPeople, manyInDomain, manyInLdap, nameOf } from '../../dev/hosts/many-people.ts'
import { startSamba } from '../../dev/hosts/samba.ts'
import { rootDn, startSlapd } from '../../dev/hosts/slapd.ts'
import { Secret } from '../../src/core/secrets/secret.ts'
import type { PeopleSource } from '../../src/core/sync/source.ts'
import { usualAttributes } from '../../src/outbound/directory/ldap-config.ts'
import type { PeopleConfig } from '../../src/outbound/directory/people-config.ts'
import { peopleSource } from '../../src/outbound/directory/people-source.ts'
import { systemClock, systemRandom } from '../../src/system.ts'
import { silent } from '../engine.ts'

/** A real directory of many people, and an administrator at it. */
export type ManyWorld = {
  kind: 'ldap' | 'windows'
  people: ManyPeople
  from: PeopleConfig['from']
  /** What a new person of that name has, with all that such an entry needs. */
  entry(name: string): Record<string, string>
  connect(): Promise<Client>
  rename(admin: Client, i: number, name: string): Promise<void>
  disable(admin: Client, i: number): Promise<void>
  die(): Promise<void>
  revive(): Promise<void>
  stop(): Promise<void>
}

const timeoutMs = 60_000
const attributes: PeopleConfig['attributes'] = { firstName: 'givenName', lastName: 'sn', phones: { mobile: 'mobile' } }

export async function manyOnSlapd(count: number): Promise<ManyWorld> {
  const people = manyInLdap(count)
  const slapd = await startSlapd({ more: people.ldif, administrator: 'root-password' })
  const { baseDn, bindDn, bindPassword, ldapsUrl: url, ca } = slapd
  const account = { bindDn, bindPassword: new Secret(bindPassword) }
  const ldap = { url, startTls: false, ca, ...account, baseDn, attributes: usualAttributes, timeoutMs }
  const connect = () => administrator(url, ca, rootDn, 'root-password')
  return {
    ...{ kind: 'ldap', people, from: { kind: 'ldap', ldap }, connect },
    ...{ die: slapd.halt, revive: slapd.start, stop: slapd.stop },
    entry: (name) => ({ objectClass: 'inetOrgPerson', uid: name, cn: name, sn: name }),
    rename: (admin, i, name) => admin.modifyDN(people.dnOf(i), people.dnOf(i).replace(nameOf(i), name)),
    disable: (admin, i) => replace(admin, people.dnOf(i), { pwdAccountLockedTime: '000001010000Z' }),
  }
}

export async function manyOnSamba(count: number): Promise<ManyWorld> {
  const people = manyInDomain(count)
  const samba = await startSamba({ more: { add: people.ldif } })
  const { domain, netbios, dns, ca, service, administrator: owner, controllers } = samba
  const windows = {
    ...{ domain, netbios, controllers: [], trusted: [], dns: [dns], security: 'ldaps' as const, ca },
    ...{ account: service.name, password: new Secret(service.password), username: 'upn' as const },
    ...{ changePasswords: false, timeoutMs },
  }
  const connect = () => administrator(controllers[0].ldapsUrl, ca, owner.name, owner.password)
  return {
    ...{ kind: 'windows', people, from: { kind: 'windows', windows }, connect },
    ...{ die: controllers[0].kill, revive: controllers[0].start, stop: samba.stop },
    entry: (name) => ({
      ...{ objectClass: 'user', sAMAccountName: name, userPrincipalName: `${name}@${domain}`, sn: name },
      userAccountControl: '544',
    }),
    rename: (admin, i, name) => replace(admin, people.dnOf(i), { userPrincipalName: `${name}@${domain}` }),
    disable: (admin, i) => replace(admin, people.dnOf(i), { userAccountControl: '546' }),
  }
}

/** Its people as the engine reads them. `afterPage` is called once a page was taken. */
export function manySource({ from }: ManyWorld, afterPage: () => Promise<void>): PeopleSource {
  const config = { from, attributes, filters: {}, pageSize: 500, most: 100_000, pageMs: 300_000 }
  const source = peopleSource(config, { log: silent, clock: systemClock, random: systemRandom })
  return {
    ...source,
    read: (scope, since, take) =>
      source.read(scope, since, async (page) => {
        await take(page)
        await afterPage()
      }),
  }
}

export async function replace(admin: Client, dn: string, values: Record<string, string>): Promise<void> {
  const changes = Object.entries(values).map(
    ([type, value]) => new Change({ operation: 'replace', modification: new Attribute({ type, values: [value] }) }),
  )
  await admin.modify(dn, changes)
}

async function administrator(url: string, ca: string, dn: string, password: string): Promise<Client> {
  const client = new Client({ url, tlsOptions: { ca } })
  await client.bind(dn, password)
  return client
}
