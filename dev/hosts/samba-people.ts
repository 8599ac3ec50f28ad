/** A domain of the tests, and what is written into it once. */
export type Realm = {
  domain: string
  netbios: string
  /** Below which its people are, `OU=People`. */
  baseDn: string
  sid: string
  service: { name: string; password: string }
  ldif(): { add: string; change: string }
}

/** Whom the domain of the tests has: an account of each state, each form of a name, and groups in groups. */

export const domain = 'corp.example'
export const netbios = 'CORP'
export const baseDn = 'DC=corp,DC=example'
export const peopleDn = `OU=People,${baseDn}`
export const service = { name: `reader@${domain}`, password: 'Reads-only-1' }
/** Of all of them. */
export const password = 'Right-pass-1'

const sid = 'S-1-5-21-1000000001-1000000002-1000000003'
export const corp: Realm = { domain, netbios, baseDn, sid, service, ldif: domainLdif }

export const LONG_AGO = '132000000000000000'
const NO_HOUR = Buffer.alloc(21).toString('base64')

export type Account = {
  cn: string
  name: string
  upn?: string
  lines?: readonly string[]
  disabled?: boolean
  password?: string
}

/** As AD takes a password: in quotes, UTF-16 (MS-ADTS section 3.1.1.3.1.5). */
export function quotedPassword(text: string): Buffer {
  return Buffer.from(`"${text}"`, 'utf16le')
}

export const accounts = {
  ada: {
    cn: 'Ada Lovelace',
    name: 'ada',
    lines: [
      'displayName: Ada Lovelace',
      'mail: ada@corp.example',
      'telephoneNumber: +1 206 555 0133',
      'mobile: +1 206 555 0134',
    ],
  },
  /** What is before the @ is not the account name. */
  grace: {
    cn: 'Grace Hopper',
    name: 'ghopper',
    upn: 'grace.hopper@corp.example',
    lines: ['displayName: Grace Hopper'],
  },
  /** A suffix that is no domain's. */
  eve: { cn: 'Eve', name: 'eve', upn: 'eve@example.net' },
  umlaut: { cn: 'Jörg Müller', name: 'jörg.müller' },
  /** Every character that a DN escapes (RFC 4514 section 2.4). */
  escapes: { cn: '#Quo"te, A+B\\;<C>=', name: 'escapes' },
  disabled: { cn: 'Disabled', name: 'disabled', disabled: true },
  accountExpired: { cn: 'Account Expired', name: 'gone', lines: [`accountExpires: ${LONG_AGO}`] },
  hours: { cn: 'Hours', name: 'hours', lines: [`logonHours:: ${NO_HOUR}`] },
  workstation: { cn: 'Workstation', name: 'desk', lines: ['userWorkstations: DESK-7'] },
  passwordExpired: { cn: 'Password Expired', name: 'stale' },
  mustChange: { cn: 'Must Change', name: 'fresh' },
  mustChangeToo: { cn: 'Must Change Too', name: 'fresher' },
  /** For three wrong passwords: the third locks. */
  lockable: { cn: 'Lockable', name: 'lockable' },
} as const satisfies Record<string, Account>

export const groups = {
  administrators: `CN=PhoneFactor Admins,${peopleDn}`,
  staff: `CN=Staff,${peopleDn}`,
  inner: `CN=Inner,${peopleDn}`,
}

/** DN values in LDIF are UTF-8 in base64, so that nothing in them needs more escaping than a DN does. */
export function dnOf(cn: string, base: string = baseDn): string {
  return `CN=${cn.replace(/[#"+,;<>\\=]/g, '\\$&')},OU=People,${base}`
}

const encoded = (attribute: string, value: string | Buffer) => `${attribute}:: ${Buffer.from(value).toString('base64')}`

export function accountLdif(
  { cn, name, lines = [], disabled = false, ...rest }: Account,
  realm: Pick<Realm, 'domain' | 'baseDn'> = corp,
): string {
  const { upn = `${name}@${realm.domain}` } = rest
  return [
    encoded('dn', dnOf(cn, realm.baseDn)),
    'objectClass: user',
    encoded('sAMAccountName', name),
    encoded('userPrincipalName', upn),
    encoded('unicodePwd', quotedPassword(rest.password ?? password)),
    `userAccountControl: ${disabled ? 514 : 512}`,
    ...lines,
    '',
  ].join('\n')
}

export function groupLdif(dn: string, members: readonly string[], lines: readonly string[] = []): string {
  const name = /^CN=([^,]+)/.exec(dn)?.[1]
  return [
    `dn: ${dn}`,
    'objectClass: group',
    `sAMAccountName: ${name}`,
    ...lines,
    ...members.map((each) => encoded('member', each)),
    '',
  ].join('\n')
}

export function replaceLdif(dn: string, values: Record<string, string>): string {
  const lines = Object.entries(values).flatMap(([name, value]) => [`replace: ${name}`, `${name}: ${value}`, '-'])
  return [encoded('dn', dn), 'changetype: modify', ...lines, ''].join('\n')
}

/** Grace is in Inner, which is in Staff and in PhoneFactor Admins; Inner also holds Staff: a loop. Ada is in Staff. */
export function domainLdif(): { add: string; change: string } {
  const add = [
    `dn: ${peopleDn}\nobjectClass: organizationalUnit\n`,
    accountLdif({ cn: 'Reader', name: 'reader', password: service.password }),
    ...Object.values(accounts).map((account) => accountLdif(account)),
    groupLdif(groups.inner, [dnOf(accounts.grace.cn)]),
    groupLdif(groups.staff, [groups.inner, dnOf(accounts.ada.cn)]),
    groupLdif(groups.administrators, [groups.inner]),
  ]
  const change = [
    replaceLdif(baseDn, { minPwdAge: '0', lockoutThreshold: '3' }),
    replaceLdif(dnOf(accounts.mustChange.cn), { pwdLastSet: '0' }),
    replaceLdif(dnOf(accounts.mustChangeToo.cn), { pwdLastSet: '0' }),
    replaceLdif(dnOf(accounts.passwordExpired.cn), { pwdLastSet: LONG_AGO }),
    `dn: ${groups.inner}\nchangetype: modify\nadd: member\nmember: ${groups.staff}\n-\n`,
  ]
  return { add: add.join('\n'), change: change.join('\n') }
}
