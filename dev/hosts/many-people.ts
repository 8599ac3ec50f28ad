import { domain, baseDn as windowsBase } from './samba-people.ts'
import { baseDn as ldapBase } from './slapd-people.ts'

/** Many people, in units A to D below one base, and every tenth of them in a group there. */
export type ManyPeople = { ldif: string; base: string; group: string; dnOf(i: number): string }

type Kind = { root: string; rdn: string; groupClass: string; own(i: number): string[] }

const UNITS = ['A', 'B', 'C', 'D'] as const
/** Of one length each, so that names have the order of numbers. */
export const nameOf = (i: number) => `p${String(i).padStart(5, '0')}`

/** For a domain of Samba. They have no passwords, whose hashes would take most of the time. */
export function manyInDomain(count: number): ManyPeople {
  const own = (i: number) => [
    'objectClass: user',
    `sAMAccountName: ${nameOf(i)}`,
    `userPrincipalName: ${nameOf(i)}@${domain}`,
    'userAccountControl: 544',
  ]
  return many(count, { root: windowsBase, rdn: 'CN', groupClass: 'group', own })
}

/** For slapd. */
export function manyInLdap(count: number): ManyPeople {
  const own = (i: number) => ['objectClass: inetOrgPerson', `uid: ${nameOf(i)}`, `cn: Person ${i}`]
  return many(count, { root: ldapBase, rdn: 'uid', groupClass: 'groupOfNames', own })
}

function many(count: number, { root, rdn, groupClass, own }: Kind): ManyPeople {
  const base = `OU=Many,${root}`
  const group = `CN=Tenth,${base}`
  const dnOf = (i: number) => `${rdn}=${nameOf(i)},OU=${UNITS[i % UNITS.length]},${base}`
  const units = [base, ...UNITS.map((unit) => `OU=${unit},${base}`)]
  const numbers = Array.from({ length: count }, (_, i) => i)
  const members = numbers.filter((i) => i % 10 === 0).map((i) => `member: ${dnOf(i)}`)
  const entries = [
    ...units.map((dn) => [`dn: ${dn}`, 'objectClass: organizationalUnit']),
    ...numbers.map((i) => [`dn: ${dnOf(i)}`, ...own(i), ...details(i)]),
    [`dn: ${group}`, `objectClass: ${groupClass}`, 'cn: Tenth', ...members],
  ]
  return { base, group, dnOf, ldif: entries.map((lines) => `${lines.join('\n')}\n`).join('\n') }
}

function details(i: number): string[] {
  const phone = `+1 206 55${String(i).padStart(5, '0')}`
  return [`givenName: Pat${i}`, `sn: Person${i}`, `mail: ${nameOf(i)}@example.org`, `mobile: ${phone}`]
}
