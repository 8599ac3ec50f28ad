export const baseDn = 'dc=example,dc=test'
export const peopleDn = `ou=people,${baseDn}`
export const serviceDn = `cn=sallyport,${baseDn}`
export const servicePassword = 'service-password'

export type SlapdPerson = { uid: string; name: string; password: string; mail?: string; phone?: string; guid?: string }

/** People of the directory. Names of the kind that break filters and DNs built from text are among them. */
export const slapdPeople = {
  ada: { uid: 'ada', name: 'Ada Lovelace', password: 'Analytical-1', mail: 'ada@example.test', phone: '+4930123456' },
  grace: { uid: 'grace', name: 'Grace Hopper', password: 'Nanosecond-2', guid: '00112233445566778899aabbccddeeff' },
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

type Values = Record<string, string | Uint8Array | readonly string[] | undefined>

function person({ uid, name, password, mail, phone, guid }: SlapdPerson, unitDn: string, more: Values = {}): string {
  return entry(`uid=${escapeDn(uid)},${unitDn}`, {
    objectClass: ['inetOrgPerson', 'extensibleObject'],
    uid,
    cn: name,
    sn: name,
    displayName: name,
    userPassword: password,
    mail,
    telephoneNumber: phone,
    objectGUID: guid && Buffer.from(guid, 'hex'),
    ...more,
  })
}

/** Base64 throughout (RFC 2849), so that no value needs a rule of its own. */
function entry(dn: string, values: Values): string {
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
