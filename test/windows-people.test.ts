import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Entry } from 'ldapts'
import type { Narrowed } from '../src/outbound/directory/ldap-searcher.ts'
import { readName } from '../src/outbound/directory/windows-names.ts'
import type { Naming } from '../src/outbound/directory/windows-naming.ts'
import { domainPeople } from '../src/outbound/directory/windows-people.ts'

// Windows lets one person's principal name be another's account name; Samba, which the other tests ask, does not.
const john = entry('01', { sAMAccountName: 'jsmith', userPrincipalName: 'j.smith@corp.example' })
const jane = entry('02', { sAMAccountName: 'j.smith', userPrincipalName: 'jane@corp.example' })
const ticket = 'j.smith@CORP.EXAMPLE'

test('a name that is one’s principal name and another’s account name is nobody’s in a ticket', async () => {
  const find = domainOf({ below: [jane, john] })
  assert.equal(await find('j.smith@corp.example', 'typed'), 'jsmith', 'as Windows takes it beside a password')
  assert.equal(await find('j.smith', 'typed'), 'j.smith')
  for (const name of [ticket, 'j.smith']) assert.equal(await find(name, 'proven'), 'ambiguous', name)
})

test('nor is it where the one whose account it is may not sign in here', async () => {
  assert.equal(await domainOf({ below: [john], elsewhere: [jane] })(ticket, 'proven'), 'ambiguous')
})

test('a name in a ticket that fits one person is theirs', async () => {
  assert.equal(await domainOf({ below: [jane] })(ticket, 'proven'), 'j.smith')
  assert.equal(await domainOf({ below: [john] })(ticket, 'proven'), 'jsmith')
})

/** Who is below `base_dn` fits the name, and of the whole domain one may have it as the account's. */
function domainOf({ below, elsewhere = [] }: { below: Entry[]; elsewhere?: Entry[] }) {
  const server = { url: '', host: 'dc1.corp.example', port: 636, security: 'ldaps' } as const
  const isAccount = (each: Entry) => each.sAMAccountName === 'j.smith'
  const searcher = {
    find: async (_filter: unknown, _wanted: unknown, { base }: Narrowed = {}) => ({
      server,
      entries: base === undefined ? below : [...below, ...elsewhere].filter(isAccount),
    }),
    close: async () => {},
  }
  const names = { domain: 'corp.example', netbios: 'CORP' }
  const naming: Naming = { called: (_, account) => account, idOf: (guid) => guid, guidOf: (id) => id }
  const people = domainPeople(searcher, { names, username: 'account', naming })
  return async (name: string, given: 'typed' | 'proven') => {
    const { person } = await people.find(readName(name), given)
    return typeof person === 'string' ? person : person.person.username
  }
}

function entry(id: string, attributes: Record<string, string>): Entry {
  return { dn: `CN=${id},DC=corp,DC=example`, objectGUID: Buffer.from(id.repeat(16), 'hex'), ...attributes }
}
