import { accountLdif, corp, dnOf, groupLdif, LONG_AGO, type Realm, replaceLdif } from './samba-people.ts'

/** A second domain, which the first one trusts without being trusted, and whom it has: some by the names of people of the first. */

const domain = 'other.example'
const baseDn = 'DC=other,DC=example'
const sid = 'S-1-5-21-1111111111-2222222222-3333333333'

const service = { name: `reader@${domain}`, password: 'Reads-other-1' }

export const other: Realm = { domain, netbios: 'OTHER', baseDn, sid, service, ldif }
/** Of all of them. */
export const otherPassword = 'Other-pass-1'

export const otherPeople = {
  /** As somebody in the first domain. */
  ada: { cn: 'Ada Lovelace', name: 'ada', lines: ['displayName: Ada of the other'] },
  ann: { cn: 'Ann', name: 'ann' },
  /** By a suffix that is the domain's own as well. */
  bea: { cn: 'Bea', name: 'bea', upn: 'bea@brand.example' },
  /** By the name of somebody in the first domain. */
  mallory: { cn: 'Mallory', name: 'mallory', upn: 'grace.hopper@corp.example' },
  disabled: { cn: 'Disabled', name: 'disabled', disabled: true },
  stale: { cn: 'Stale', name: 'stale' },
  fresh: { cn: 'Fresh', name: 'fresh' },
  lockable: { cn: 'Lockable', name: 'lockable' },
}

const GLOBAL = '-2147483646'
const UNIVERSAL = '-2147483640'
const LOCAL = '-2147483644'

export const otherGroups = {
  sales: `CN=Sales,OU=People,${baseDn}`,
  everySale: `CN=Every Sale,OU=People,${baseDn}`,
  local: `CN=Local,OU=People,${baseDn}`,
  allStaff: `CN=All Staff,OU=People,${baseDn}`,
}

/** Ann is in Sales, which is in Every Sale, and everybody in All Staff by the primary group; Bea is in a group that counts in that domain alone. */
function ldif(): { add: string; change: string } {
  const groups = [
    groupLdif(otherGroups.sales, [dnOf(otherPeople.ann.cn, baseDn)], [`groupType: ${GLOBAL}`]),
    groupLdif(otherGroups.everySale, [otherGroups.sales], [`groupType: ${UNIVERSAL}`]),
    groupLdif(otherGroups.allStaff, [`CN=Domain Users,CN=Users,${baseDn}`], [`groupType: ${UNIVERSAL}`]),
    groupLdif(otherGroups.local, [dnOf(otherPeople.bea.cn, baseDn)], [`groupType: ${LOCAL}`]),
  ]
  const people = Object.values(otherPeople).map((each) => accountLdif({ ...each, password: otherPassword }, other))
  const reader = accountLdif({ cn: 'Reader', name: 'reader', password: service.password }, other)
  const change = [
    replaceLdif(baseDn, { minPwdAge: '0', lockoutThreshold: '3' }),
    replaceLdif(dnOf(otherPeople.fresh.cn, baseDn), { pwdLastSet: '0' }),
    replaceLdif(dnOf(otherPeople.stale.cn, baseDn), { pwdLastSet: LONG_AGO }),
  ]
  const top = `dn: OU=People,${baseDn}\nobjectClass: organizationalUnit\n`
  const trust = trustIn(other, corp, INBOUND)
  return { add: [top, trust, reader, ...people, ...groups].join('\n'), change: change.join('\n') }
}

/** Of what a domain has written down: whom it trusts, or by whom it is trusted. */
const OUTBOUND = 2
const INBOUND = 1

/** That the first domain trusts the second, as the first has it written down. */
export function trustLdif(): string {
  return trustIn(corp, other, OUTBOUND)
}

function trustIn({ baseDn }: Realm, partner: Realm, direction: number): string {
  return [
    `dn: CN=${partner.domain},CN=System,${baseDn}`,
    'objectClass: trustedDomain',
    `trustPartner: ${partner.domain}`,
    `flatName: ${partner.netbios}`,
    `securityIdentifier: ${partner.sid}`,
    ...[`trustDirection: ${direction}`, 'trustType: 2', 'trustAttributes: 8'],
    '',
  ].join('\n')
}
