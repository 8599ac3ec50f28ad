export const baseDn = 'dc=example,dc=test'
export const peopleDn = `ou=people,${baseDn}`
export const serviceDn = `cn=sallyport,${baseDn}`
export const servicePassword = 'service-password'

export type SlapdPerson = {
  uid: string
  name: string
  password: string
  mail?: string
  phone?: string
  guid?: string
  gid?: string
}

/** People of the directory. Names of the kind that break filters and DNs built from text are among them. */
export const slapdPeople = {
  ada: { uid: 'ada', name: 'Ada Lovelace', password: 'Analytical-1', mail: 'ada@example.test', phone: '+4930123456' },
  grace: {
    ...{ uid: 'grace', name: 'Grace Hopper', password: 'Nanosecond-2' },
    ...{ guid: '00112233445566778899aabbccddeeff', gid: '200' },
  },
  umlaut: { uid: 'jörg.müller', name: 'Jörg Müller', password: 'Grüße-😀-3', mail: 'joerg@example.test' },
  brackets: { uid: 'al(ice)', name: 'Alice (Sales)', password: 'Brackets-4' },
  backslash: { uid: 'back\\slash', name: 'Back\\Slash', password: 'Backslash-5' },
  comma: { uid: 'last, first', name: 'Last, First', password: 'Comma-6' },
  hash: { uid: '#hash+plus', name: '#Hash', password: 'Hash-7' },
  star: { uid: 'st*r', name: 'St*r', password: 'Star-8' },
  /** Locked for a minute by three wrong passwords in a row. */
  lena: { uid: 'lena', name: 'Lena Lock', password: 'Locked-9' },
  /** Twice in the directory, under two units. */
  twin: { uid: 'twin', name: 'Twin', password: 'Twin-10' },
} as const satisfies Record<string, SlapdPerson>

/** Whose accounts are not as others': by their policy, their state, or what somebody wrote into them. */
export const slapdAccounts = {
  /** Its password is too old by the policy, and right. */
  expired: { uid: 'expired', name: 'Ed Expired', password: 'Expired-11' },
  /** The same, and it opens a few times more. */
  graced: { uid: 'graced', name: 'Gil Graced', password: 'Graced-17' },
  /** Somebody else has set it, so that it must be changed. */
  reset: { uid: 'reset', name: 'Rea Reset', password: 'Reset-12-long' },
  /** Locked until an administrator comes. */
  barred: { uid: 'barred', name: 'Bo Barred', password: 'Barred-13' },
  /** Its last day was long ago, by an attribute that slapd takes no notice of. */
  ended: { uid: 'ended', name: 'Eve Ended', password: 'Ended-15' },
  /** Whose displayName is 2 MB long. */
  long: { uid: 'long', name: 'x'.repeat(2 * 1024 * 1024), password: 'Long-14' },
  /** Who is called as a group is. */
  staff: { uid: 'namesake', name: 'staff', password: 'Staff-16' },
} as const satisfies Record<string, SlapdPerson>

const agingDn = `cn=aging,${baseDn}`
const graceDn = `cn=grace,${baseDn}`
export const groupsDn = `ou=groups,${baseDn}`

const policyDn = `cn=strict,${baseDn}`

/** Everything in the directory, for slapadd. */
export function ldif(): string {
  const { lena, twin, ...others } = slapdPeople
  return [
    entry(baseDn, { objectClass: ['dcObject', 'organization'], dc: 'example', o: 'Example' }),
    entry(serviceDn, {
      objectClass: ['organizationalRole', 'simpleSecurityObject'],
      cn: 'sallyport',
      userPassword: servicePassword,
    }),
    entry(policyDn, {
      objectClass: ['device', 'pwdPolicy'],
      cn: 'strict',
      pwdAttribute: 'userPassword',
      pwdLockout: 'TRUE',
      pwdMaxFailure: '3',
      pwdLockoutDuration: '60',
    }),
    entry(peopleDn, { objectClass: 'organizationalUnit', ou: 'people' }),
    entry(`ou=others,${baseDn}`, { objectClass: 'organizationalUnit', ou: 'others' }),
    ...Object.values(others).map((one) => person(one, peopleDn)),
    person(lena, peopleDn, { pwdPolicySubentry: policyDn }),
    person(twin, peopleDn),
    person(twin, `ou=others,${baseDn}`),
  ].join('\n')
}

/** More of the directory, for slapadd: those accounts, and groups. */
export function accountsLdif(): string {
  return [agingPolicy(agingDn), agingPolicy(graceDn, { pwdGraceAuthNLimit: '5' }), ...accounts(), ...groups()].join(
    '\n',
  )
}

function agingPolicy(dn: string, more: Values = {}): string {
  return entry(dn, {
    objectClass: ['device', 'pwdPolicy'],
    cn: /^cn=(\w+)/.exec(dn)?.[1],
    pwdAttribute: 'userPassword',
    pwdMaxAge: '3600',
    pwdMustChange: 'TRUE',
    pwdMinLength: '8',
    pwdCheckQuality: '2',
    pwdAllowUserChange: 'TRUE',
    ...more,
  })
}

function accounts(): string[] {
  const { expired, graced, reset, barred, ended, long, staff } = slapdAccounts
  const aging = { pwdPolicySubentry: agingDn, pwdChangedTime: '20200101000000Z' }
  return [
    person(expired, peopleDn, aging),
    person(graced, peopleDn, { ...aging, pwdPolicySubentry: graceDn }),
    person(reset, peopleDn, { pwdPolicySubentry: agingDn, pwdReset: 'TRUE' }),
    person(barred, peopleDn, { pwdPolicySubentry: policyDn, pwdAccountLockedTime: '000001010000Z' }),
    person(ended, peopleDn, { shadowExpire: '18000' }),
    person(staff, peopleDn),
    person(long, peopleDn, { cn: 'Long', sn: 'Long' }),
  ]
}

/** Ada is in `staff`, which is in `everyone`; two hold each other; and there is one of each other kind. */
function groups(): string[] {
  const of = (name: string, objectClass: string, more: Values) =>
    entry(`cn=${name},${groupsDn}`, { objectClass, cn: name, ...more })
  const dn = (name: string) => `cn=${name},${groupsDn}`
  return [
    entry(groupsDn, { objectClass: 'organizationalUnit', ou: 'groups' }),
    of('staff', 'groupOfNames', { member: `uid=ada,${peopleDn}` }),
    of('everyone', 'groupOfNames', { member: [dn('staff'), dn('round')] }),
    of('round', 'groupOfNames', { member: [dn('about'), `uid=grace,${peopleDn}`] }),
    of('about', 'groupOfNames', { member: dn('round') }),
    of('empty', 'groupOfNames', { member: `uid=nobody,${peopleDn}` }),
    of('unique', 'groupOfUniqueNames', { uniqueMember: `uid=grace,${peopleDn}` }),
    of('posix', 'posixGroup', { gidNumber: '100', memberUid: ['ada', 'st*r'] }),
    // Whose primary group it is are not listed in it.
    of('primary', 'posixGroup', { gidNumber: '200' }),
    of('outer', 'groupOfNames', { member: [dn('primary')] }),
    of('double', 'groupOfNames', { member: dn('staff') }),
    entry(`cn=double,${dn('staff')}`, { objectClass: 'groupOfNames', cn: 'double', member: dn('staff') }),
  ]
}

type Values = Record<string, string | Uint8Array | readonly string[] | undefined>

export function person(
  { uid, name, password, mail, phone, guid, gid }: SlapdPerson,
  unitDn: string,
  more: Values = {},
): string {
  return entry(`uid=${escapeDn(uid)},${unitDn}`, {
    objectClass: ['inetOrgPerson', 'extensibleObject'],
    uid,
    cn: name,
    sn: name,
    displayName: name,
    userPassword: password,
    mail,
    telephoneNumber: phone,
    gidNumber: gid,
    objectGUID: guid && Buffer.from(guid, 'hex'),
    ...more,
  })
}

/** An entry of LDIF. Base64 throughout (RFC 2849), so that no value needs a rule of its own. */
export function entry(dn: string, values: Values): string {
  const lines = Object.entries(values).flatMap(([name, value]) =>
    (value === undefined ? [] : Array.isArray(value) ? value : [value]).map((one) => `${name}:: ${base64(one)}`),
  )
  return [`dn:: ${base64(dn)}`, ...lines, ''].join('\n')
}

function base64(value: string | Uint8Array): string {
  return Buffer.from(value as string).toString('base64')
}

/** RFC 4514 section 2.4. */
function escapeDn(value: string): string {
  return value.replace(/["+,;<>\\]|^[# ]| $/g, '\\$&')
}
