import {
  baseDn,
  entry,
  groupsDn,
  peopleDn,
  person,
  type SlapdPerson,
  serviceDn,
  servicePassword,
} from './slapd-people.ts'

/** People of a 389 Directory Server, whose accounts are in each state that it knows. */
export const ds389People = {
  ada: { uid: 'ada', name: 'Ada Lovelace', password: 'Analytical-1', mail: 'ada@example.test', phone: '+4930123456' },
  grace: { uid: 'grace', name: 'Grace Hopper', password: 'Nanosecond-2' },
  umlaut: { uid: 'jörg.müller', name: 'Jörg Müller', password: 'Grüße-😀-3', mail: 'joerg@example.test' },
  comma: { uid: 'last, first', name: 'Last, First', password: 'Comma-4-long' },
  /** Locked for a minute by three wrong passwords in a row. */
  lena: { uid: 'lena', name: 'Lena Lock', password: 'Locked-5-long' },
  /** Their passwords are too old, and right. */
  expired: { uid: 'expired', name: 'Ed Expired', password: 'Old-6-and-long' },
  lapsed: { uid: 'lapsed', name: 'Lea Lapsed', password: 'Old-7-and-long' },
  /** The same, and it opens a few times more. */
  graced: { uid: 'graced', name: 'Gil Graced', password: 'Old-8-and-long' },
  /** Somebody else has set it, so that it must be changed. */
  reset: { uid: 'reset', name: 'Rea Reset', password: 'Given-9-long' },
  /** Disabled by an administrator (nsAccountLock). */
  disabled: { uid: 'disabled', name: 'Di Disabled', password: 'Disabled-10' },
} as const satisfies Record<string, SlapdPerson>

const gracePolicyDn = `cn=grace,${baseDn}`

/** As docs/guides/use-an-ldap-directory.md says it. */
const rights = [
  `(targetattr != "userPassword")(version 3.0; acl "Sallyport reads"; allow (read, search, compare) userdn = "ldap:///${serviceDn}";)`,
  '(targetattr = "userPassword")(version 3.0; acl "Own password"; allow (write) userdn = "ldap:///self";)',
]

/** Everything in the directory, for ldif2db. */
export function ds389Ldif(): string {
  const { expired, lapsed, graced, reset, disabled, ...others } = ds389People
  const old = { passwordExpirationTime: '20200101000000Z' }
  const gracePolicy = { passwordExp: 'on', passwordMaxAge: '8640000', passwordGraceLimit: '5' }
  return [
    'version: 1\n',
    entry(baseDn, { objectClass: ['top', 'domain'], dc: 'example', aci: rights }),
    entry(serviceDn, {
      objectClass: ['applicationProcess', 'simpleSecurityObject'],
      cn: 'sallyport',
      userPassword: servicePassword,
      passwordExpirationTime: '20400101000000Z',
    }),
    entry(gracePolicyDn, { objectClass: ['top', 'ldapsubentry', 'passwordPolicy'], cn: 'grace', ...gracePolicy }),
    entry(peopleDn, { objectClass: 'organizationalUnit', ou: 'people' }),
    entry(`ou=others,${baseDn}`, { objectClass: 'organizationalUnit', ou: 'others' }),
    ...Object.values(others).map((one) => person(one, peopleDn)),
    person(expired, peopleDn, old),
    person(lapsed, peopleDn, old),
    person(graced, peopleDn, { ...old, pwdPolicySubentry: gracePolicyDn }),
    person(reset, peopleDn, { passwordExpirationTime: '19700101000000Z' }),
    person(disabled, peopleDn, { nsAccountLock: 'true' }),
    ...groups(),
  ].join('\n')
}

/** Ada is in `staff`, which is in `everyone`; two hold each other; and there is one of each other kind. */
function groups(): string[] {
  const dn = (name: string) => `cn=${name},${groupsDn}`
  const of = (name: string, objectClass: string, more: Record<string, string | string[]>) =>
    entry(dn(name), { objectClass: ['top', objectClass], cn: name, ...more })
  return [
    entry(groupsDn, { objectClass: 'organizationalUnit', ou: 'groups' }),
    of('staff', 'groupOfNames', { member: [`uid=ada,${peopleDn}`, `uid=last\\2C first,${peopleDn}`] }),
    of('everyone', 'groupOfNames', { member: [dn('staff'), dn('round')] }),
    of('round', 'groupOfNames', { member: [dn('about'), `uid=grace,${peopleDn}`] }),
    of('about', 'groupOfNames', { member: dn('round') }),
    of('unique', 'groupOfUniqueNames', { uniqueMember: `uid=grace,${peopleDn}` }),
    of('posix', 'posixGroup', { gidNumber: '100', memberUid: ['ada'] }),
  ]
}
